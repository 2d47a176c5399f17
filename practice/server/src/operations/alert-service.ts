import { AppError, type Principal, requirePermission } from '@archwire/contracts';
import type { EndpointResponse } from '@archwire/contracts/api';
import type { operationsApi } from '@archwire/contracts/api/operations';
import type { Database } from '@archwire/database';
import { actorOf, auditAccount } from '../accounts/audit-entry.ts';

type Alerts = EndpointResponse<typeof operationsApi.alerts>;

/** What is the matter. Alerts come and go by themselves; people only say that they know. */
export interface AlertService {
  list(principal: Principal): Promise<Alerts>;
  /** @throws AppError `not-found` */
  acknowledge(principal: Principal, id: string): Promise<void>;
  /** @throws AppError `not-found` when there is no such device */
  setSilence(principal: Principal, deviceId: string, hours: number | null): Promise<void>;
}

interface Row {
  readonly id: string;
  readonly kind: string;
  readonly subject: string;
  readonly severity: 'warning' | 'critical';
  readonly details: Record<string, unknown>;
  readonly raised_at: Date;
  readonly cleared_at: Date | null;
  readonly acknowledged_at: Date | null;
  readonly acknowledged_by: string | null;
}

const ALERTS = `
  select a.id, a.kind, a.subject, a.severity, a.details, a.raised_at, a.cleared_at, a.acknowledged_at,
         u.display_name as acknowledged_by
    from alert a left join app_user u on u.tenant_id = a.tenant_id and u.id = a.acknowledged_by`;

const present = (row: Row): Alerts['open'][number] => ({
  id: row.id,
  kind: row.kind,
  subject: row.subject,
  severity: row.severity,
  details: row.details,
  raisedAt: row.raised_at.toISOString(),
  clearedAt: row.cleared_at?.toISOString() ?? null,
  acknowledgedAt: row.acknowledged_at?.toISOString() ?? null,
  acknowledgedBy: row.acknowledged_by,
});

export const createAlertService = ({
  database: { withTenant },
}: {
  readonly database: Pick<Database, 'withTenant'>;
}): AlertService => ({
  list: async (principal) => {
    requirePermission(principal, 'operations.health.read');
    return await withTenant(principal.tenantId, async (trx) => {
      const open = await trx.raw<{ rows: Row[] }>(
        `${ALERTS} where a.cleared_at is null order by a.severity, a.raised_at desc limit 500`,
      );
      const cleared = await trx.raw<{ rows: Row[] }>(
        `${ALERTS} where a.cleared_at > now() - interval '7 days' order by a.cleared_at desc limit 50`,
      );
      return { open: open.rows.map(present), cleared: cleared.rows.map(present) };
    });
  },

  acknowledge: async (principal, id) => {
    requirePermission(principal, 'operations.health.write');
    await withTenant(principal.tenantId, async (trx) => {
      const known = await trx('alert').where({ id }).first<{ acknowledged_at: Date | null } | undefined>();
      if (known === undefined)
        throw new AppError('not-found', 'There is no such alert.', { details: { id } });
      if (known.acknowledged_at !== null) return;
      await trx('alert')
        .where({ id })
        .update({
          acknowledged_at: new Date(),
          acknowledged_by: principal.kind === 'user' ? principal.id : null,
        });
      await auditAccount(trx, actorOf(principal), {
        action: 'alert.acknowledge',
        entity: 'tenant',
        entityId: principal.tenantId,
        changed: { alert: id },
      });
    });
  },

  setSilence: async (principal, deviceId, hours) => {
    requirePermission(principal, 'operations.health.write');
    await withTenant(principal.tenantId, async (trx) => {
      const device = await trx('device').where({ id: deviceId }).first<{ id: string } | undefined>('id');
      if (device === undefined)
        throw new AppError('not-found', 'There is no such device.', { details: { id: deviceId } });
      await trx('device_silence')
        .insert({ tenant_id: principal.tenantId, device_id: deviceId, hours })
        .onConflict(['tenant_id', 'device_id'])
        .merge(['hours']);
      await auditAccount(trx, actorOf(principal), {
        action: 'device.silence',
        entity: 'device',
        entityId: deviceId,
        changed: { hours: hours === null ? null : String(hours) },
      });
    });
  },
});
