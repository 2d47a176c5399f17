import {
  AppError,
  type IngestOutcome,
  type IngestSource,
  type InstanceHeader,
  type InstanceLocation,
} from '@archwire/contracts';

import type { IngestResult, IngestRow } from '@archwire/database';

import type { Journal, JournalLog } from '../journal/journal.ts';
import { createHasher, type Hasher } from './hasher.ts';
import { readHead } from './read-head.ts';

export interface IndexRequest {
  readonly source: IngestSource;
  readonly sopInstanceUid: string;
  /** `null` when it must be read back from the journal, as in a replay. */
  readonly header: InstanceHeader | null;
  readonly location: InstanceLocation;
}

export interface IndexedBatch {
  readonly rows: number;
  /** Milliseconds from durability to the commit, of the oldest row. */
  readonly lagMs: number;
}

export interface Indexer {
  /** Resolves when the row is committed. @throws AppError `unavailable` on stop, `integrity` or `internal` when it cannot be indexed. */
  enqueue(request: IndexRequest): Promise<IngestOutcome>;
  /** Rows that wait, and how long the oldest has been waiting. */
  backlog(): { readonly rows: number; readonly oldestMs: number };
  /** Indexes what waits if the database answers within `graceMs`; the rest comes back with the next replay. */
  stop(graceMs?: number): Promise<void>;
}

interface Entry extends IndexRequest {
  readonly at: number;
  readonly sha256?: string;
  readonly resolve: (outcome: IngestOutcome) => void;
  readonly reject: (error: unknown) => void;
}

const BATCH_MS = 20;
const BATCH_ROWS = 200;
/** What one batch may have to read back for hashing, so that the next is not kept waiting. */
const BATCH_BYTES = 32 << 20;
/** From here on an object is hashed on a lane of its own before it joins a batch. */
const LARGE_BYTES = 8 << 20;
/** While PostgreSQL is away only locations are kept: a header is read again from the disk. */
const MAX_HEADERS = 2000;
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5000;
/** An error that is not known to pass is given these attempts, then the row that causes it is looked for. */
const UNKNOWN_ATTEMPTS = 3;
const HASH_ATTEMPTS = 3;

const isPassing = (error: unknown): boolean => {
  if (error instanceof AppError) return error.kind === 'unavailable';
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  // Class 40: serialisation failure or deadlock; 55P03 lock not available; 57 the operator intervened.
  return /^(?:40|55P03|57)/.test(code);
};

/** The same instance twice in one call would meet itself: the second waits for the next batch. */
const batchLength = (queue: readonly Entry[]): number => {
  const keys = new Set<string>();
  let count = 0;
  let bytes = 0;
  for (const entry of queue) {
    const key = `${entry.source.tenantId}:${entry.sopInstanceUid}`;
    if (entry.sha256 === undefined) bytes += entry.location.length;
    if (count > 0 && (count === BATCH_ROWS || bytes > BATCH_BYTES || keys.has(key))) break;
    keys.add(key);
    count += 1;
  }
  return count;
};

export const createIndexer = (deps: {
  readonly journal: Journal;
  /** `ingestBatch` of the database. Always called with the rows of one tenant. */
  readonly ingestRows: (rows: readonly IngestRow[]) => Promise<readonly IngestResult[]>;
  readonly log: JournalLog;
  readonly onBatch?: (batch: IndexedBatch) => void;
}): Indexer => {
  const { journal, ingestRows, log } = deps;
  const hasher = createHasher();
  const largeHasher = createHasher();
  const beingHashed = new Set<Promise<void>>();
  let queue: Entry[] = [];
  let running: Promise<void> | undefined;
  let busySince: number | undefined;
  let isStopping = false;
  let stopAt = Number.POSITIVE_INFINITY;
  let wakeUp: (() => void) | undefined;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const headerOf = async ({ header, location }: Entry): Promise<InstanceHeader> => {
    if (header !== null) return header;
    return await readHead(
      location.length,
      () => undefined,
      (length) => journal.reader.read(location.key, { offset: location.offset, length }),
    );
  };

  const refuse = (entry: Entry, error: unknown): void => {
    log.error(
      {
        key: entry.location.key,
        offset: entry.location.offset,
        tenantId: entry.source.tenantId,
        kind: describe(error),
      },
      'index: a durable instance could not be indexed; its bytes stay in the journal and are tried again at the next start',
    );
    entry.reject(
      error instanceof AppError
        ? error
        : new AppError('internal', 'The index refused this instance. Its bytes are kept.', { cause: error }),
    );
  };

  /** Reads back and hashes what one file holds of a batch; one damaged range does not spoil the others. */
  const hashFile = async (
    by: Hasher,
    key: string,
    entries: readonly Entry[],
    attempt = 1,
  ): Promise<[Entry, string][]> => {
    try {
      const digests = await by.sha256(
        journal.pathOf(key),
        entries.map(({ location }) => ({ offset: location.offset, length: location.length })),
      );
      return entries.flatMap((entry, index) => {
        const digest = digests[index];
        return digest === undefined ? [] : [[entry, digest]];
      });
    } catch (error) {
      if (attempt < HASH_ATTEMPTS && error instanceof AppError && error.kind === 'unavailable') {
        return await hashFile(by, key, entries, attempt + 1);
      }
      if (entries.length > 1) {
        return (await Promise.all(entries.map((entry) => hashFile(by, key, [entry])))).flat();
      }
      for (const entry of entries) refuse(entry, error);
      return [];
    }
  };

  const prepare = async (
    entries: readonly Entry[],
  ): Promise<Map<string, { entry: Entry; row: IngestRow }[]>> => {
    const known = entries.flatMap((entry): [Entry, string][] =>
      entry.sha256 === undefined ? [] : [[entry, entry.sha256]],
    );
    const byFile = Map.groupBy(
      entries.filter(({ sha256 }) => sha256 === undefined),
      ({ location }) => location.key,
    );
    const hashed = (
      await Promise.all([...byFile].map(([key, group]) => hashFile(hasher, key, group)))
    ).flat();
    const rows: { entry: Entry; row: IngestRow }[] = [];
    for (const [entry, sha256] of [...known, ...hashed]) {
      try {
        rows.push({
          entry,
          row: {
            source: entry.source,
            header: await headerOf(entry),
            location: entry.location,
            sha256: Buffer.from(sha256, 'hex'),
          },
        });
      } catch (error) {
        refuse(entry, error);
      }
    }
    return Map.groupBy(rows, ({ row }) => row.source.tenantId);
  };

  const write = async (rows: readonly { entry: Entry; row: IngestRow }[]): Promise<void> => {
    let unknown = 0;
    for (let wait = FIRST_RETRY_MS; ; wait = Math.min(wait * 2, LAST_RETRY_MS)) {
      try {
        const answers = await ingestRows(rows.map(({ row }) => row));
        const free: InstanceLocation[] = [];
        rows.forEach(({ entry }, index) => {
          const answer = answers[index];
          if (answer === undefined) return refuse(entry, new Error('The index gave no answer for this row.'));
          if (!answer.kept) free.push(entry.location);
          entry.resolve(answer.outcome);
        });
        journal.release(free);
        return;
      } catch (error) {
        if (!isPassing(error)) unknown += 1;
        if (unknown < UNKNOWN_ATTEMPTS) {
          if (Date.now() >= stopAt) return giveBack(rows.map(({ entry }) => entry));
          log.warn(
            { rows: rows.length, waiting: queue.length, retryMs: wait, kind: describe(error) },
            'index: the database does not take rows now',
          );
          await pause(Math.min(wait, Math.max(0, stopAt - Date.now())));
          continue;
        }
        const [only] = rows;
        if (rows.length === 1 && only !== undefined) return refuse(only.entry, error);
        const middle = rows.length >> 1;
        await write(rows.slice(0, middle));
        await write(rows.slice(middle));
        return;
      }
    }
  };

  const giveBack = (entries: readonly Entry[]): void => {
    for (const { reject } of entries)
      reject(new AppError('unavailable', 'The server stopped before this was indexed. The bytes are kept.'));
  };

  const loop = async (): Promise<void> => {
    while (queue.length > 0) {
      if (queue.length < BATCH_ROWS && !isStopping) await pause(BATCH_MS);
      const batch = queue.splice(0, batchLength(queue));
      const oldest = batch[0]?.at ?? Date.now();
      busySince = oldest;
      if (Date.now() >= stopAt) giveBack(batch);
      else {
        const tenants = await prepare(batch);
        for (const rows of tenants.values()) await write(rows);
        deps.onBatch?.({ rows: batch.length, lagMs: Date.now() - oldest });
      }
      busySince = undefined;
    }
  };

  const start = (): void => {
    running ??= loop()
      .catch((error: unknown) =>
        log.error({ kind: describe(error) }, 'index: the loop failed and starts again'),
      )
      .finally(() => {
        running = undefined;
        if (queue.length > 0) start();
      });
  };

  const hashFirst = (entry: Entry): void => {
    const work = async (): Promise<void> => {
      const hashed = await hashFile(largeHasher, entry.location.key, [entry]);
      for (const [one, sha256] of hashed) queue.push({ ...one, sha256 });
      start();
    };
    const done = work().finally(() => beingHashed.delete(done));
    beingHashed.add(done);
  };

  return {
    enqueue(request) {
      const outcome = new Promise<IngestOutcome>((resolve, reject) => {
        if (isStopping) {
          reject(
            new AppError(
              'unavailable',
              'The server is stopping. The bytes are kept and indexed at the next start.',
            ),
          );
          return;
        }
        const header = queue.length < MAX_HEADERS ? request.header : null;
        const entry: Entry = { ...request, header, at: Date.now(), resolve, reject };
        if (request.location.length >= LARGE_BYTES) hashFirst(entry);
        else {
          queue.push(entry);
          start();
        }
      });
      // C-STORE does not wait for it: a rejection that nobody awaits is no reason to end the process.
      outcome.catch(() => undefined);
      return outcome;
    },
    backlog() {
      const oldest = busySince ?? queue[0]?.at;
      return {
        rows: queue.length + beingHashed.size,
        oldestMs: oldest === undefined ? 0 : Date.now() - oldest,
      };
    },
    async stop(graceMs = 5000) {
      isStopping = true;
      stopAt = Date.now() + graceMs;
      wakeUp?.();
      await Promise.all(beingHashed);
      await running;
      await Promise.all([hasher.stop(), largeHasher.stop()]);
    },
  };
};

/** Class and SQLSTATE only: a driver's message may quote values of the row. */
const describe = (error: unknown): string => {
  if (error instanceof AppError) return error.kind;
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? `${error.name} ${error.code}` : error.name;
};
