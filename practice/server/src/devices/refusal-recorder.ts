import type { Database } from '@archwire/database';
import { firstTenantId } from '../accounts/first-administrator.ts';
import { flushRegularly } from '../flush-regularly.ts';

export interface RefusedPeer {
  readonly callingAe: string | null;
  readonly calledAe: string | null;
  readonly address: string;
  readonly reason: string;
}

export interface RefusalRecorder {
  /** Never throws and never waits: a peer that knocks a thousand times a second costs one row a second. */
  record(peer: RefusedPeer): void;
  /** Writes what is waiting. @throws when the database does not answer; the counts are kept for the next time. */
  flush(): Promise<void>;
  /** Flushes every second; `onError` hears of a failed one. The returned stop flushes a last time. */
  start(onError: (error: unknown) => void): () => Promise<void>;
}

const FLUSH_MS = 1000;
/** Different peers kept between two flushes, in the table for a tenant, and in the table for one address. */
const MAX_WAITING = 500;
const MAX_ROWS = 1000;
const MAX_ROWS_PER_ADDRESS = 50;

interface Waiting extends RefusedPeer {
  count: number;
  lastAt: Date;
}

/**
 * Counts refused associations per (calling AE, called AE, address, reason) in `association_refusal` of the first tenant:
 * a refused peer belongs to nobody yet. Bounded on every side, because anybody can knock.
 */
export const createRefusalRecorder = (deps: {
  readonly database: Pick<Database, 'knex' | 'withTenant'>;
  readonly clock?: () => Date;
}): RefusalRecorder => {
  const clock = deps.clock ?? (() => new Date());
  let waiting = new Map<string, Waiting>();

  const write = async (batch: Map<string, Waiting>): Promise<void> => {
    const tenantId = await firstTenantId(deps.database);
    await deps.database.withTenant(tenantId, async (trx) => {
      for (const peer of [...batch.values()].sort((a, b) => a.lastAt.getTime() - b.lastAt.getTime())) {
        await trx.raw(
          `insert into association_refusal (tenant_id, calling_ae, called_ae, address, reason, count, first_at, last_at)
           select :tenantId, :callingAe, :calledAe, :address, :reason, :count, :lastAt, :lastAt
            where (select count(*) from (select 1 from association_refusal
                     where address = :address and not (calling_ae = :callingAe and called_ae = :calledAe and reason = :reason)
                     limit :perAddress) as others) < :perAddress
           on conflict (tenant_id, calling_ae, called_ae, address, reason)
             do update set count = association_refusal.count + excluded.count, last_at = excluded.last_at`,
          {
            tenantId,
            callingAe: peer.callingAe ?? '',
            calledAe: peer.calledAe ?? '',
            address: peer.address,
            reason: peer.reason,
            count: peer.count,
            lastAt: peer.lastAt,
            perAddress: MAX_ROWS_PER_ADDRESS,
          },
        );
      }
      await trx.raw(
        `delete from association_refusal where id in
           (select id from (select id, row_number() over (order by last_at desc, id desc) as place from association_refusal) as ranked
             where place > ?)`,
        [MAX_ROWS],
      );
    });
  };

  const flush = async (): Promise<void> => {
    if (waiting.size === 0) return;
    const batch = waiting;
    waiting = new Map();
    try {
      await write(batch);
    } catch (error) {
      for (const [key, peer] of batch)
        if (!waiting.has(key) && waiting.size < MAX_WAITING) waiting.set(key, peer);
      throw error;
    }
  };

  return {
    record: (peer) => {
      const key = JSON.stringify([peer.callingAe, peer.calledAe, peer.address, peer.reason]);
      const known = waiting.get(key);
      if (known !== undefined) {
        known.count += 1;
        known.lastAt = clock();
      } else if (waiting.size < MAX_WAITING) {
        waiting.set(key, { ...peer, count: 1, lastAt: clock() });
      }
    },
    ...flushRegularly(flush, FLUSH_MS),
  };
};
