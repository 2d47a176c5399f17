import { type Principal } from '@archwire/contracts';
import { appendAudit, type WithTenant } from '@archwire/database';
import type { Transaction } from '../query/transaction.ts';

interface Ended {
  readonly created_kind: Principal['kind'];
  readonly created_by: string | null;
}

/** Of the files that DICOMDIRs name, those that came take their place; the others are missing. So is what was never sent. */
const NAME_THE_MISSING = [
  `delete from import_file n where n.import_id = ? and n.state = 'named'
      and exists (select 1 from import_file f where f.import_id = n.import_id and f.state <> 'named'
                    and f.parent_id is not distinct from n.parent_id and f.path_folded = n.path_folded)`,
  `update import_file set state = 'done', outcome = 'missing', updated_at = now(),
          reason = case state when 'named' then 'directory-missing' else 'not-sent' end
    where import_id = ? and state in ('named', 'waiting', 'arriving')`,
];

const countOutcomes = async (trx: Transaction, importId: string): Promise<Record<string, number>> => {
  const { rows }: { rows: { outcome: string; count: number }[] } = await trx.raw(
    `select outcome, count(*)::int as count from import_file where import_id = ? and outcome is not null group by outcome`,
    [importId],
  );
  return Object.fromEntries(rows.map(({ outcome, count }) => [outcome, count]));
};

/**
 * Ends an import that was told to finish, once nothing of it waits to be opened. Whoever ends a piece of work calls it; the
 * last one does it.
 */
export const completeImport = async (
  withTenant: WithTenant,
  tenantId: string,
  importId: string,
): Promise<void> =>
  await withTenant(tenantId, async (trx) => {
    const { rows }: { rows: Ended[] } = await trx.raw(
      `update import_session s set state = 'done', finished_at = now(), active_at = now()
        where s.id = ? and s.state = 'finishing'
          and not exists (select 1 from import_file f where f.import_id = s.id and f.state = 'queued')
       returning s.created_kind, s.created_by`,
      [importId],
    );
    const [ended] = rows;
    if (ended === undefined) return;
    for (const sql of NAME_THE_MISSING) await trx.raw(sql, [importId]);
    await appendAudit(trx, {
      actorKind: ended.created_kind,
      actorId: ended.created_by,
      action: 'imaging.import.finished',
      outcome: 'success',
      entity: 'import',
      entityId: importId,
      after: { outcomes: await countOutcomes(trx, importId) },
    });
  });
