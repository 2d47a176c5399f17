import { type Permission, type Principal, requirePermission } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';

/** How much waits for a person; `null` where the principal may not look. */
export interface Notices {
  readonly quarantinedStudies: number | null;
  readonly openConflicts: number | null;
  readonly refusedDevices: number | null;
}

interface Row {
  readonly quarantined: number;
  readonly conflicts: number;
  readonly refused: number;
}

/** Each count by its own partial index. One device that knocks for several reasons counts once. */
const COUNTS = `
  select (select count(*)::int from study where match_state in ('quarantined', 'suggested')) as quarantined,
         (select count(*)::int from instance_conflict where resolved_at is null) as conflicts,
         (select count(*)::int from (select distinct calling_ae, called_ae, address from association_refusal) peer) as refused`;

/** What people are told about images that need somebody. @throws AppError `forbidden`. */
export const readNotices = async (withTenant: WithTenant, principal: Principal): Promise<Notices> => {
  requirePermission(principal, 'imaging.reconcile.write');
  const { rows }: { rows: Row[] } = await withTenant(
    principal.tenantId,
    async (trx) => await trx.raw(COUNTS),
  );
  const [row] = rows;
  const seen = (permission: Permission, count: number | undefined): number | null =>
    principal.permissions.has(permission) ? (count ?? 0) : null;
  return {
    quarantinedStudies: seen('imaging.reconcile.write', row?.quarantined),
    openConflicts: seen('imaging.conflict.read', row?.conflicts),
    refusedDevices: seen('devices.device.read', row?.refused),
  };
};
