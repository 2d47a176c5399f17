import type { WithTenant } from '@archwire/database';
import { AppError, type IngestSource, type Principal } from '@archwire/contracts';

interface LocationRow {
  readonly id: string;
  readonly issuer: string;
}

/**
 * Whose the instances of a STOW-RS request are: the tenant of the credentials, the location that they were made for, or
 * else the tenant's default. @throws AppError `conflict` when there is no such location.
 */
export const storeSource = async (
  withTenant: WithTenant,
  principal: Principal,
  now: Date,
): Promise<IngestSource> => {
  const { rows }: { rows: LocationRow[] } = await withTenant(
    principal.tenantId,
    async (trx) =>
      await trx.raw(
        `select id, issuer from location where ?::uuid is null or id = ?::uuid
          order by is_default desc, id limit 1`,
        [principal.locationId, principal.locationId],
      ),
  );
  const [location] = rows;
  if (location === undefined)
    throw new AppError('conflict', 'The group has no location yet. Create one first.');
  return {
    tenantId: principal.tenantId,
    locationId: location.id,
    issuer: location.issuer,
    deviceId: null,
    via: 'stow',
    callingAe: null,
    calledAe: null,
    address: principal.address,
    receivedAt: now.toISOString(),
  };
};
