import { AppError, type Principal, requirePermission } from '@archwire/contracts';
import type { CleanRegionRule, NewCleanRegionRule } from '@archwire/contracts/api/exports';
import { appendAudit, type WithTenant } from '@archwire/database';
import type { Transaction } from '../query/transaction.ts';

/** Where device models write into their pictures who was imaged: what de-identification blanks. */
export interface CleanRegionService {
  list(principal: Principal): Promise<readonly CleanRegionRule[]>;
  add(principal: Principal, rule: NewCleanRegionRule): Promise<CleanRegionRule>;
  /** Safe to repeat. */
  remove(principal: Principal, id: string): Promise<void>;
}

const SELECT = `select id, manufacturer, model, rows, columns, region_left as left, region_top as top,
  region_width as width, region_height as height from clean_region`;
const MOST = 1000;

const audit = async (trx: Transaction, principal: Principal, action: string, id: string): Promise<void> => {
  await appendAudit(trx, {
    actorKind: principal.kind,
    actorId: principal.id,
    action,
    outcome: 'success',
    entity: 'clean-region',
    entityId: id,
    address: principal.address,
    userAgent: principal.userAgent?.slice(0, 300) ?? null,
    requestId: principal.requestId,
  });
};

export const createCleanRegionService = ({
  withTenant,
}: {
  readonly withTenant: WithTenant;
}): CleanRegionService => {
  const inTenant = async <T>(principal: Principal, work: (trx: Transaction) => Promise<T>): Promise<T> => {
    requirePermission(principal, 'imaging.export.manage');
    return await withTenant(principal.tenantId, work);
  };
  return {
    list: (principal) =>
      inTenant(principal, async (trx) => {
        const { rows }: { rows: CleanRegionRule[] } = await trx.raw(`${SELECT} order by id limit ${MOST}`);
        return rows;
      }),
    add: (principal, rule) =>
      inTenant(principal, async (trx) => {
        const { rows }: { rows: { id: string }[] } = await trx.raw(
          `insert into clean_region (tenant_id, manufacturer, model, rows, columns, region_left, region_top, region_width, region_height)
           select app_tenant(), ?, ?, ?, ?, ?, ?, ?, ? where (select count(*) from clean_region) < ${MOST} returning id`,
          [
            rule.manufacturer,
            rule.model,
            rule.rows,
            rule.columns,
            rule.left,
            rule.top,
            rule.width,
            rule.height,
          ],
        );
        const [made] = rows;
        if (made === undefined)
          throw new AppError('conflict', 'There are a thousand regions already. Remove some first.');
        await audit(trx, principal, 'imaging.clean-region.added', made.id);
        return { id: made.id, ...rule };
      }),
    remove: (principal, id) =>
      inTenant(principal, async (trx) => {
        const { rows }: { rows: unknown[] } = await trx.raw(
          'delete from clean_region where id = ? returning id',
          [id],
        );
        if (rows.length > 0) await audit(trx, principal, 'imaging.clean-region.removed', id);
      }),
  };
};
