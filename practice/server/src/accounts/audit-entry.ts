import type { Principal } from '@archwire/contracts';
import { appendAudit } from '@archwire/database';
import type { Knex } from 'knex';
import type { Client } from '../api/client.ts';

interface Actor {
  readonly kind: Principal['kind'];
  readonly id: string | null;
  readonly client: Client | null;
}

export const actorOf = (principal: Principal): Actor => ({
  kind: principal.kind,
  id: principal.id,
  client: { address: principal.address, userAgent: principal.userAgent, requestId: principal.requestId },
});

export const SYSTEM: Actor = { kind: 'system', id: null, client: null };

/**
 * Writes what happened to an account or a device into the tenant's audit chain, in the transaction of the change itself.
 * Call it last: the chain's head is locked until the commit. `changed` names fields, never secrets.
 */
export const auditAccount = async (
  trx: Knex.Transaction,
  actor: Actor,
  event: {
    readonly action: string;
    readonly entity: 'user' | 'session' | 'api-key' | 'device' | 'tenant' | 'location' | 'audit' | 'setup';
    readonly entityId: string | null;
    readonly outcome?: 'success' | 'failure';
    readonly reason?: string;
    readonly changed?: Readonly<Record<string, string | boolean | null>>;
  },
): Promise<void> => {
  await appendAudit(trx, {
    actorKind: actor.kind,
    actorId: actor.id,
    action: event.action,
    entity: event.entity,
    ...(event.entityId === null ? {} : { entityId: event.entityId }),
    outcome: event.outcome ?? 'success',
    ...(event.reason === undefined ? {} : { reason: event.reason }),
    ...(event.changed === undefined ? {} : { after: event.changed }),
    ...(actor.client === null
      ? {}
      : {
          address: actor.client.address,
          userAgent: actor.client.userAgent?.slice(0, 300) ?? null,
          requestId: actor.client.requestId,
        }),
  });
};
