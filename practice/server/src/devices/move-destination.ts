import type { Database } from '@archwire/database';
import type { DeviceTarget } from './device-question.ts';

interface Row {
  readonly host: string;
  readonly port: number;
  readonly called: string;
  readonly tls: boolean;
}

/**
 * Where the device that listens by an AE title is reached, for C-MOVE: active, of this tenant, with host and port; `null` when
 * there is none. Of several the one registered first, those whose own title for listening it is before the others.
 */
export const createMoveDestination =
  ({ database }: { readonly database: Pick<Database, 'withTenant'> }) =>
  async (tenantId: string, aeTitle: string): Promise<DeviceTarget | null> =>
    await database.withTenant(tenantId, async (trx) => {
      const { rows }: { rows: Row[] } = await trx.raw(
        `select d.host, d.port, coalesce(d.echo_ae, d.ae_title) as called, d.tls from device d
          where d.active and d.host is not null and d.port is not null and ? in (d.echo_ae, d.ae_title)
          order by coalesce(d.echo_ae, d.ae_title) <> ?, d.created_at, d.id limit 1`,
        [aeTitle, aeTitle],
      );
      const [row] = rows;
      return row === undefined
        ? null
        : { host: row.host, port: row.port, calledAe: row.called, tls: row.tls };
    });
