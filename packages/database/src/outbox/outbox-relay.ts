import { listenToChannel } from '../notifications/listen-to-channel.ts';
import type { Database } from '../open-database.ts';

export interface OutboxEvent {
  /** Rising; the same event always has the same id, so that a handler can recognise a repetition. */
  readonly id: number;
  readonly tenantId: string;
  readonly topic: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** 1 on the first delivery. */
  readonly attempt: number;
}

export interface OutboxRelay {
  start(): { stop(): Promise<void> };
}

interface ClaimedRow {
  readonly id: number;
  readonly tenant_id: string;
  readonly topic: string;
  readonly payload: Record<string, unknown>;
  readonly attempts: number;
}

const BATCH = 100;
/** What is claimed and then cut off, by a kill or an outage, is delivered again after this long. Publishing takes milliseconds. */
const LEASE_SECONDS = 20;
const POLL_MS = 1000;
const PRUNE_EVERY_MS = 60_000;
const LONGEST_RETRY_SECONDS = 300;

/**
 * Delivers what transactions announced, of every tenant, in the order of ids, at least once: an event whose `publish`
 * rejects, or whose process dies, comes again. A commit wakes it at once; a poll finds what a lost notification hid.
 * `publish` is short (it puts a job on the queue). `onError` hears of failures and of PostgreSQL going away; both heal.
 */
export const createOutboxRelay = (parts: {
  readonly db: Database;
  readonly publish: (event: OutboxEvent) => Promise<void>;
  readonly onError: (error: unknown) => void;
  /** How long a delivered event stays for whoever looks into a fault; 24 hours unless told. */
  readonly keepHours?: number;
}): OutboxRelay => {
  const { db, publish, onError } = parts;
  const keep = `${parts.keepHours ?? 24} hours`;

  const claim = async (): Promise<ClaimedRow[]> => {
    const { rows } = await db.knex.raw<{ rows: ClaimedRow[] }>('select * from outbox_claim(?, ?)', [
      BATCH,
      LEASE_SECONDS,
    ]);
    return rows;
  };

  /** Answers how many events were claimed. */
  const deliverBatch = async (isStopping: () => boolean): Promise<number> => {
    const rows = await claim();
    const published: number[] = [];
    const failed = new Map<number, number[]>();
    for (const row of rows) {
      // Claimed but not begun: released for the next relay instead of waiting for the lease.
      if (isStopping()) {
        failed.set(0, [...(failed.get(0) ?? []), row.id]);
        continue;
      }
      try {
        await publish({
          id: row.id,
          tenantId: row.tenant_id,
          topic: row.topic,
          payload: row.payload,
          attempt: row.attempts,
        });
        published.push(row.id);
      } catch (error) {
        onError(error);
        const seconds = Math.min(2 ** (row.attempts - 1), LONGEST_RETRY_SECONDS);
        failed.set(seconds, [...(failed.get(seconds) ?? []), row.id]);
      }
    }
    if (published.length > 0) await db.knex.raw('select outbox_settle(?, ?, 0)', [published, []]);
    for (const [seconds, ids] of failed)
      await db.knex.raw('select outbox_settle(?, ?, ?)', [[], ids, seconds]);
    return rows.length;
  };

  const start = (): { stop(): Promise<void> } => {
    const stopping = new AbortController();
    let wake: () => void = () => {};
    let woken = false;

    const signal = (): void => {
      woken = true;
      wake();
    };
    const rest = async (): Promise<void> => {
      if (woken || stopping.signal.aborted) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      const timer = setTimeout(resolve, POLL_MS);
      await promise;
      clearTimeout(timer);
    };

    const run = async (): Promise<void> => {
      let prunedAt = 0;
      while (!stopping.signal.aborted) {
        woken = false;
        try {
          const claimed = await deliverBatch(() => stopping.signal.aborted);
          if (claimed > 0) continue;
          if (Date.now() - prunedAt > PRUNE_EVERY_MS) {
            prunedAt = Date.now();
            await db.knex.raw('select outbox_prune(?::interval, 10000)', [keep]);
          }
        } catch (error) {
          onError(error);
          woken = false;
        }
        await rest();
      }
    };

    const listening = listenToChannel({
      connectionString: db.appUrl,
      channel: 'archwire_outbox',
      applicationName: 'archwire-outbox',
      onListening: signal,
      onPayload: signal,
      onError,
    });
    const running = run();
    return {
      stop: async () => {
        stopping.abort();
        wake();
        await Promise.all([running, listening.stop()]);
      },
    };
  };

  return { start };
};
