import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

const RECONNECT_MS = 1000;

/**
 * Listens on a notification channel with a connection of its own, until stopped, and comes back after every loss.
 * `onListening` runs whenever a connection began to listen: what was announced before it is lost. Needs a session of
 * its own: a pooler that shares connections between transactions cannot carry it.
 */
export const listenToChannel = (options: {
  readonly connectionString: string;
  /** As in `pg_notify`. */
  readonly channel: string;
  /** What an operator sees in pg_stat_activity. */
  readonly applicationName: string;
  readonly onListening: () => void;
  readonly onPayload: (payload: string) => void;
  /** Hears that PostgreSQL does not answer; it heals by itself. */
  readonly onError: (error: unknown) => void;
}): { stop(): Promise<void> } => {
  const stopping = new AbortController();

  const listenOnce = async (): Promise<void> => {
    const client = new Client({
      connectionString: options.connectionString,
      application_name: options.applicationName,
      keepAlive: true,
    });
    const { promise: lost, resolve } = Promise.withResolvers<void>();
    client.on('error', () => resolve());
    client.on('end', () => resolve());
    client.on('notification', ({ payload }) => options.onPayload(payload ?? ''));
    stopping.signal.addEventListener('abort', () => resolve(), { once: true });
    try {
      await client.connect();
      await client.query(`listen ${client.escapeIdentifier(options.channel)}`);
      options.onListening();
      if (!stopping.signal.aborted) await lost;
    } finally {
      await client.end().catch(() => {});
    }
  };

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await listenOnce().catch(options.onError);
      await sleep(RECONNECT_MS, undefined, { signal: stopping.signal }).catch(() => {});
    }
  };
  const running = run();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
};
