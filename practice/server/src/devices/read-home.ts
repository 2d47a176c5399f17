import { type DicomService, type IngestSource, isDicomService } from '@archwire/contracts';
import type { Database } from '@archwire/database';

interface Row {
  readonly location_id: string;
  readonly location_issuer: string;
  readonly device_issuer: string | null;
  readonly services: readonly string[];
}

/** Whose images an admitted peer sends, and what it may ask for. */
export type AdmittedSource = Pick<IngestSource, 'tenantId' | 'locationId' | 'deviceId' | 'issuer'> & {
  readonly services: ReadonlySet<DicomService>;
};

/** Of a program on this very machine that nobody registered. */
const UNREGISTERED: readonly DicomService[] = ['store', 'query'];

/**
 * Where what a device sends belongs; without a device, the tenant's default location. The issuer of Patient ID is the
 * device's own, else the location's; the services are the device's, else store and query. `undefined` when the device is not active any more, or the tenant has no default.
 */
export const readHome = async (
  database: Pick<Database, 'withTenant'>,
  tenantId: string,
  deviceId: string | null,
): Promise<AdmittedSource | undefined> =>
  await database.withTenant(tenantId, async (trx) => {
    const query =
      deviceId === null
        ? trx('location as l')
            .where({ 'l.is_default': true })
            .first<Row | undefined>(
              'l.id as location_id',
              'l.issuer as location_issuer',
              trx.raw('null as device_issuer'),
              trx.raw('?::text[] as services', [[...UNREGISTERED]]),
            )
        : trx('device as d')
            .join('location as l', (on) => on.on('l.tenant_id', 'd.tenant_id').andOn('l.id', 'd.location_id'))
            .where({ 'd.id': deviceId, 'd.active': true })
            .first<Row | undefined>(
              'l.id as location_id',
              'l.issuer as location_issuer',
              'd.issuer as device_issuer',
              'd.services',
            );
    const row = await query;
    return row === undefined
      ? undefined
      : {
          tenantId,
          locationId: row.location_id,
          deviceId,
          issuer: row.device_issuer ?? row.location_issuer,
          services: new Set(row.services.filter(isDicomService)),
        };
  });
