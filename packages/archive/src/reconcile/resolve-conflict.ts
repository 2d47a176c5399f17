import {
  AppError,
  type InstanceHeader,
  type InstanceLocation,
  type Principal,
  requirePermission,
} from '@archwire/contracts';
import { appendOutbox, type WithTenant } from '@archwire/database';
import type { Knex } from 'knex';

import type { ObsoleteDerivatives } from '../derive/remove-derivatives.ts';
import { readHead } from '../ingest/read-head.ts';
import type { Stores } from '../stores/create-stores.ts';
import { readLocation } from '../stores/read-location.ts';
import { auditReconcile } from './audit-reconcile.ts';
import { retryLocks } from './retry-locks.ts';

export interface ResolveConflict {
  readonly conflictId: string;
  /** Which bytes are shown from now on. Both stay kept, whatever is chosen. */
  readonly show: 'shown' | 'other';
  readonly reason: string;
}

interface ConflictRow {
  readonly id: string;
  readonly instance_id: string;
  readonly store: string;
  readonly key: string;
  readonly offset: string;
  readonly length: string;
  readonly sha: string;
  readonly resolved_at: Date | null;
}

interface InstanceRow extends Omit<ConflictRow, 'instance_id' | 'resolved_at'> {
  readonly series_id: string;
  readonly study_id: string;
  readonly study_uid: string;
}

const ATTEMPTS = 3;

const findConflict = async (trx: Knex.Transaction, conflictId: string): Promise<ConflictRow> => {
  const { rows }: { rows: ConflictRow[] } = await trx.raw(
    `select id, instance_id::text as instance_id, store, key, "offset"::text as offset, length::text as length,
            encode(sha256, 'hex') as sha, resolved_at from instance_conflict where id = ?`,
    [conflictId],
  );
  const [row] = rows;
  if (row === undefined) throw new AppError('not-found', 'There is no such conflict. Reload the list.');
  if (row.resolved_at !== null) throw new AppError('conflict', 'This was decided already. Reload the list.');
  return row;
};

const locationOf = ({
  store,
  key,
  offset,
  length,
}: Pick<ConflictRow, 'store' | 'key' | 'offset' | 'length'>): InstanceLocation => ({
  store,
  key,
  offset: Number(offset),
  length: Number(length),
});

const isSamePlace = (a: ConflictRow, b: ConflictRow): boolean =>
  a.store === b.store && a.key === b.key && a.offset === b.offset;

const codeOf = async (trx: Knex.Transaction, uid: string): Promise<number> => {
  await trx.raw('insert into uid_code (uid) values (?) on conflict do nothing', [uid]);
  const { rows }: { rows: { code: number }[] } = await trx.raw('select code from uid_code where uid = ?', [
    uid,
  ]);
  return rows[0]?.code ?? 0;
};

/** Series before instance, as ingest and settling lock them. */
const lockInstance = async (trx: Knex.Transaction, instanceId: string): Promise<InstanceRow> => {
  await trx.raw(
    `select 1 from study where id = (select se.study_id from series se join instance i on i.tenant_id = se.tenant_id and i.series_id = se.id
                                      where i.id = ?) for no key update`,
    [instanceId],
  );
  await trx.raw(
    'select 1 from series where id = (select series_id from instance where id = ?) for no key update',
    [instanceId],
  );
  const { rows }: { rows: InstanceRow[] } = await trx.raw(
    `select i.id::text as id, i.store, i.key, i."offset"::text as offset, i.length::text as length, encode(i.sha256, 'hex') as sha,
            i.series_id, se.study_id, st.study_uid
       from instance i join series se on se.tenant_id = i.tenant_id and se.id = i.series_id
       join study st on st.tenant_id = se.tenant_id and st.id = se.study_id
      where i.id = ? for no key update of i`,
    [instanceId],
  );
  const [row] = rows;
  if (row === undefined) throw new AppError('not-found', 'The instance is gone. Reload the list.');
  return row;
};

/** Exchanges what is shown and what is kept beside; counters, header columns and derived pictures follow. */
const exchange = async (
  trx: Knex.Transaction,
  shown: InstanceRow,
  other: ConflictRow,
  header: InstanceHeader,
): Promise<void> => {
  const place = (
    row: Pick<ConflictRow, 'store' | 'key' | 'offset' | 'length' | 'sha'>,
  ): Record<string, unknown> => ({
    store: row.store,
    key: row.key,
    offset: row.offset,
    length: row.length,
    sha256: Buffer.from(row.sha, 'hex'),
  });
  await trx('instance')
    .where({ id: shown.id })
    .update({
      ...place(other),
      sop_class: await codeOf(trx, header.SOPClassUID),
      transfer_syntax: await codeOf(trx, header.TransferSyntaxUID),
      instance_number: header.InstanceNumber,
      rows: header.Rows,
      columns: header.Columns,
      bits_allocated: header.BitsAllocated,
      frames: header.NumberOfFrames,
    });
  await trx('instance_conflict').where({ id: other.id }).update(place(shown));
  const objects = await trx('derivative')
    .where({ instance_id: shown.id })
    .delete()
    .returning<ObsoleteDerivatives['objects']>(['store', 'key']);
  // The objects go after the commit, by whoever hears of it.
  const obsolete: ObsoleteDerivatives = { instanceId: shown.id, objects };
  if (objects.length > 0) await appendOutbox(trx, 'derivatives.obsolete', { ...obsolete });
  const bytes = Number(other.length) - Number(shown.length);
  const unsettled = Number(other.store === 'journal') - Number(shown.store === 'journal');
  await trx('series')
    .where({ id: shown.series_id })
    .update({
      byte_count: trx.raw('byte_count + ?', [bytes]),
      unsettled_count: trx.raw('unsettled_count + ?', [unsettled]),
      revision: trx.raw('revision + 1'),
    });
  await trx('study')
    .where({ id: shown.study_id })
    .update({
      byte_count: trx.raw('byte_count + ?', [bytes]),
      revision: trx.raw('revision + 1'),
      updated_at: trx.fn.now(),
    });
  await appendOutbox(trx, 'instances.stored', {
    studyId: shown.study_id,
    seriesId: shown.series_id,
    instanceIds: [shown.id],
  });
};

/**
 * Decides which of two sets of bytes under one SOP Instance UID is shown. Nothing is deleted.
 * The instance stays in the series where it is, whatever the other bytes say.
 * @throws AppError `forbidden`, `not-found`, `conflict` when it was decided already.
 */
export const resolveConflict = async (
  deps: { readonly withTenant: WithTenant; readonly stores: Stores },
  principal: Principal,
  input: ResolveConflict,
): Promise<void> => {
  requirePermission(principal, 'imaging.conflict.write');
  const { withTenant, stores } = deps;
  const { tenantId } = principal;
  for (let attempt = 1; ; attempt += 1) {
    const seen = await withTenant(tenantId, (trx) => findConflict(trx, input.conflictId));
    const location = locationOf(seen);
    const read = (length: number): Promise<Buffer> =>
      readLocation(stores, location, { offset: 0, length }, tenantId);
    // Read before the transaction: settling may move the bytes meanwhile, which is then seen and tried again.
    const header =
      input.show === 'other'
        ? await readHead(location.length, () => undefined, read).catch(() => undefined)
        : undefined;
    const isDone = await retryLocks(withTenant)(tenantId, async (trx) => {
      const instance = await lockInstance(trx, seen.instance_id);
      const conflict = await findConflict(trx, input.conflictId);
      if (input.show === 'other') {
        if (header === undefined || !isSamePlace(conflict, seen)) return false;
        await exchange(trx, instance, conflict, header);
      }
      await trx('instance_conflict').where({ id: conflict.id }).update({ resolved_at: trx.fn.now() });
      await trx.raw(
        `update instance set conflicted = exists (
           select 1 from instance_conflict c where c.instance_id = instance.id and c.resolved_at is null) where id = ?`,
        [instance.id],
      );
      await auditReconcile(trx, principal, {
        action: 'imaging.conflict.resolve',
        entity: 'instance',
        entityId: instance.id,
        studyUid: instance.study_uid,
        reason: input.reason,
        before: { shown: instance.sha },
        after: { shown: input.show === 'other' ? conflict.sha : instance.sha },
      });
      return true;
    });
    if (isDone) return;
    if (attempt === ATTEMPTS)
      throw new AppError('unavailable', 'The bytes could not be read just now. Try again.');
  }
};
