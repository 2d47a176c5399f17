import { setTimeout as sleep } from 'node:timers/promises';

import { AppError, type InstanceLocation } from '@archwire/contracts';
import type { Database } from '@archwire/database';

import type { Journal, JournalLog } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/scan-segment.ts';
import type { NodeIdentity } from '../nodes/node-identity.ts';
import type { Indexer } from './indexer.ts';

export interface ReplayReport {
  /** Records of the journal that the index knew already. */
  readonly known: number;
  /** Records that were indexed now, or were found to be superseded. */
  readonly indexed: number;
  /** Records that could not be indexed; their bytes are kept. */
  readonly refused: number;
  /** Ranges that the index or a record refers to and the disk does not have. Each was logged as an error. */
  readonly missing: number;
}

interface HeldRow {
  readonly tenant_id: string;
  readonly sop_uid: string;
  readonly key: string;
  readonly offset: string | number;
  readonly length: string | number;
}

const MAX_OPEN = 2000;
const RETRY_MS = 1000;

const nameOf = (key: string, offset: number): string => `${key}:${offset}`;

/**
 * Brings back what an earlier process acknowledged and did not index, and learns which ranges the index refers to.
 * Runs beside receiving; waits for the database as long as it must. Settle only after it.
 */
export const replayJournal = async (deps: {
  readonly journal: Journal;
  readonly indexer: Indexer;
  readonly database: Pick<Database, 'knex' | 'withTenant'>;
  readonly log: JournalLog;
  readonly signal: AbortSignal;
  /** Whose journal it is. */
  readonly node: Pick<NodeIdentity, 'name' | 'legacy'>;
}): Promise<ReplayReport> => {
  const { journal, indexer, database, log, signal, node } = deps;

  const retry = async <T>(ask: () => Promise<T>): Promise<T> => {
    for (;;) {
      signal.throwIfAborted();
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== 'unavailable') throw error;
        await sleep(RETRY_MS, undefined, { signal });
      }
    }
  };

  const loadHeld = async (): Promise<readonly InstanceLocation[]> => {
    // A journal from before nodes had names takes over what the index holds without one.
    if (node.legacy) await database.knex.raw('select claim_journal(?)', [node.name]);
    const { rows }: { rows: HeldRow[] } = await database.knex.raw('select * from journal_locations(?)', [
      node.name,
    ]);
    return rows.map(({ key, offset, length }) => ({
      store: 'journal',
      key,
      offset: Number(offset),
      length: Number(length),
    }));
  };

  const isKnownElsewhere = async ({ meta }: JournalEntry): Promise<boolean> =>
    await database.withTenant(meta.source.tenantId, async (trx) => {
      const row: unknown = await trx('instance').where({ sop_uid: meta.sopInstanceUid }).first('id');
      return row !== undefined;
    });

  const held = await retry(loadHeld);
  const known = new Set(held.map(({ key, offset }) => nameOf(key, offset)));
  for (const location of held) journal.hold(location, location);

  const counts = { known: 0, indexed: 0, refused: 0, missing: 0 };
  const open = new Set<Promise<void>>();

  const lose = (key: string): void => {
    counts.missing += 1;
    log.error(
      { key },
      'journal: bytes that were acknowledged are not on the disk; restore them from a backup of this folder',
    );
  };

  const indexAgain = (entry: JournalEntry): void => {
    const request = {
      source: entry.meta.source,
      sopInstanceUid: entry.meta.sopInstanceUid,
      header: null,
      location: entry.location,
    };
    const done = indexer
      .enqueue(request)
      .then(
        () => {
          counts.indexed += 1;
        },
        () => {
          counts.refused += 1;
        },
      )
      .finally(() => open.delete(done));
    open.add(done);
  };

  for await (const entry of journal.replay()) {
    signal.throwIfAborted();
    const { location, record } = entry;
    if (known.has(nameOf(location.key, location.offset))) {
      journal.hold(location, record);
      counts.known += 1;
    } else if (location.key !== record.key && (await journal.reader.head(location.key)) === undefined) {
      // Settled and removed before its record was, or gone for good: the index knows which.
      if (!(await retry(() => isKnownElsewhere(entry)))) lose(location.key);
    } else {
      journal.hold(location, record);
      indexAgain(entry);
      if (open.size >= MAX_OPEN) await Promise.race(open);
    }
  }
  while (open.size > 0) await Promise.all(open);
  signal.throwIfAborted();

  for (const key of new Set(held.map((location) => location.key))) {
    if ((await journal.reader.head(key)) === undefined) lose(key);
  }
  await journal.endReplay(held);
  return counts;
};
