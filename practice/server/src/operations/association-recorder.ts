import type { Database } from '@archwire/database';
import { flushRegularly } from '../flush-regularly.ts';

/** An association that ended. */
export interface EndedAssociation {
  readonly tenantId: string;
  readonly deviceId: string | null;
  readonly callingAe: string;
  readonly calledAe: string;
  readonly address: string;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly objectCount: number;
  readonly byteCount: number;
  readonly failureCount: number;
  readonly outcome: string;
}

export interface AssociationRecorder {
  /** Never throws and never waits. */
  record(ended: EndedAssociation): void;
  /** Writes what is waiting. @throws when the database does not answer; it is kept for the next time. */
  flush(): Promise<void>;
  /** Flushes every two seconds; `onError` hears of a failed one. The returned stop flushes a last time. */
  start(onError: (error: unknown) => void): () => Promise<void>;
}

const FLUSH_MS = 2000;
/** In an outage, or when somebody associates without end, the oldest give way: this is a look back, not a ledger. */
const MAX_WAITING = 1000;

/** Keeps who was here, a few thousand of each tenant, for the operations page. Written in batches, off the path of images. */
export const createAssociationRecorder = (deps: {
  readonly database: Pick<Database, 'withTenant'>;
  /** This process, as others know it. */
  readonly node: string;
}): AssociationRecorder => {
  let waiting: EndedAssociation[] = [];

  const write = async (tenantId: string, batch: readonly EndedAssociation[]): Promise<void> =>
    await deps.database.withTenant(tenantId, async (trx) => {
      await trx.raw(
        `insert into association_log (tenant_id, calling_ae, called_ae, address, device_id, node, started_at, duration_ms,
                                      objects, bytes, failures, outcome)
         select app_tenant(), a."callingAe", a."calledAe", a.address, a."deviceId", ?, a."startedAt", a."durationMs",
                a."objectCount", a."byteCount", a."failureCount", a.outcome
           from jsonb_to_recordset(?::jsonb) as a("callingAe" text, "calledAe" text, address text, "deviceId" uuid,
                "startedAt" timestamptz, "durationMs" bigint, "objectCount" bigint, "byteCount" bigint,
                "failureCount" bigint, outcome text)`,
        [deps.node, JSON.stringify(batch)],
      );
    });

  const flush = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    const failures: unknown[] = [];
    for (const [tenantId, ended] of Map.groupBy(batch, (each) => each.tenantId)) {
      try {
        await write(tenantId, ended);
      } catch (error) {
        waiting = [...ended, ...waiting].slice(-MAX_WAITING);
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  };

  return {
    record: (ended) => {
      waiting.push(ended);
      if (waiting.length > MAX_WAITING * 2) waiting = waiting.slice(-MAX_WAITING);
    },
    ...flushRegularly(flush, FLUSH_MS),
  };
};
