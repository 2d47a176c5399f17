import { join } from 'node:path';

import { type Database, ingestBatch } from '@archwire/database';

import { createIngest } from '../ingest/create-ingest.ts';
import { createIndexer, type IndexedBatch, type Indexer } from '../ingest/indexer.ts';
import type { Ingest } from '../ingest/ingest.ts';
import { replayJournal, type ReplayReport } from '../ingest/replay-journal.ts';
import { createJournal, type Journal, type JournalLog, type JournalOptions } from '../journal/journal.ts';
import { createPackIntents } from '../settle/pack-intents.ts';
import {
  createSettler,
  type Settler,
  type SettlerOptions,
  type TenantStore,
} from '../settle/create-settler.ts';
import { createJournalShare, type JournalShare } from '../nodes/journal-share.ts';
import { journalOfNodes } from '../nodes/journal-of-nodes.ts';
import { createNodeDirectory } from '../nodes/node-directory.ts';
import { nodeIdentity } from '../nodes/node-identity.ts';
import { createRemoteJournal } from '../nodes/remote-journal.ts';
import { createRecompressor, type RecompressPool } from '../recompress/create-recompressor.ts';
import { createRepacker, type Repacker, type RepackerOptions } from '../recompress/create-repacker.ts';
import { createRecompressedReader, recompressedName } from '../recompress/recompressed-store.ts';
import { createStores, storeReader, type Stores } from './create-stores.ts';

export interface ArchiveOptions {
  readonly database: Database;
  /** This node's journal folder. */
  readonly folder: string;
  /** The one object store of every tenant for now. */
  readonly archive: TenantStore;
  readonly log: JournalLog;
  /** Its name, where other nodes read its journal, and the secret that all nodes share; without it nodes do not read each other. */
  readonly node?: {
    readonly name?: string | null;
    readonly url?: string | null;
    readonly secret?: Uint8Array;
  };
  readonly journal?: Partial<Omit<JournalOptions, 'folder' | 'log' | 'node'>>;
  readonly settle?: Pick<
    SettlerOptions,
    'idleMs' | 'pollMs' | 'packLimit' | 'onSettled' | 'recompressAfterMs'
  >;
  /** Without it nothing is recompressed here, and what is can be read only whole as it lies. */
  readonly pixels?: RecompressPool;
  readonly repack?: Pick<RepackerOptions, 'pollMs' | 'keepMs'>;
  readonly onBatch?: (batch: IndexedBatch) => void;
}

export interface Archive {
  readonly ingest: Ingest;
  readonly indexer: Indexer;
  readonly journal: Journal;
  readonly settler: Settler;
  /** `null` without pixel threads. */
  readonly repacker: Repacker | null;
  readonly stores: Stores;
  /** This node's name. */
  readonly node: string;
  /** What other nodes may read here; `null` without a shared secret. */
  readonly share: JournalShare | null;
  /** Resolves when what an earlier process left is indexed again; waits for PostgreSQL. Rejects only when stopped before. */
  readonly replayed: Promise<ReplayReport>;
  /** Call it when nothing is received any more and before the database closes. */
  stop(): Promise<void>;
}

/** Opens the write side of the archive of one node. Receiving works at once; replay and settling run beside it. */
export const openArchive = async (options: ArchiveOptions): Promise<Archive> => {
  const { database, folder, archive, log } = options;
  const identity = nodeIdentity(folder, options.node?.name ?? null);
  const directory = createNodeDirectory(database);
  const secret = options.node?.secret;
  const journal = await createJournal({ folder, log, ...options.journal, node: identity.name });
  try {
    await directory.register({ ...identity, url: options.node?.url ?? null });
  } catch (error) {
    await journal.stop();
    throw error;
  }
  const beat = directory.beat(identity.name, (error) =>
    log.warn(
      { kind: error instanceof Error ? error.name : 'unknown' },
      'node: could not say that it is here',
    ),
  );
  const intents = await createPackIntents(join(folder, 'packs'));
  const indexer = createIndexer({
    journal,
    ingestRows: (rows) => ingestBatch(database.knex, rows),
    log,
    ...(options.onBatch === undefined ? {} : { onBatch: options.onBatch }),
  });
  const plain = storeReader(archive.store);
  const { pixels } = options;
  const recompressor =
    pixels === undefined
      ? undefined
      : await createRecompressor({ pixels, folder: join(folder, 'recompress') });
  const recompressed = pixels === undefined ? undefined : createRecompressedReader(plain, pixels.decodeHtj2k);
  const storeOf = (): Promise<TenantStore> => Promise.resolve(archive);
  const repacker =
    recompressor === undefined || recompressed === undefined
      ? null
      : createRepacker({
          database,
          storeOf,
          plain,
          recompressed,
          recompressor,
          intents,
          log,
          ...options.repack,
        });
  const settler = createSettler({
    database,
    journal,
    node: identity.name,
    intents,
    storeOf,
    log,
    ...(recompressor === undefined ? {} : { recompressor }),
    ...options.settle,
  });
  const stopping = new AbortController();
  let settling: ReturnType<Settler['start']> | undefined;
  let repacking: ReturnType<Repacker['start']> | undefined;
  const replayed = replayJournal({
    journal,
    indexer,
    database,
    log,
    signal: stopping.signal,
    node: identity,
  });
  const following = replayed
    .then(async (report) => {
      log.info({ ...report }, 'journal: replay is done');
      await settler.sweepOrphans();
    })
    .catch((error: unknown) => {
      if (!stopping.signal.aborted)
        log.error({ error: error instanceof Error ? error.name : 'unknown' }, 'journal: the replay failed');
    })
    .finally(() => {
      if (stopping.signal.aborted) return;
      settling = settler.start();
      repacking = repacker?.start();
    });
  return {
    ingest: createIngest({ journal, indexer }),
    indexer,
    journal,
    settler,
    repacker,
    stores: createStores({
      journal: journalOfNodes({
        own: { name: identity.name, reader: journal.reader },
        remote: secret === undefined ? null : createRemoteJournal({ directory, secret }),
      }),
      [archive.name]: plain,
      ...(recompressed === undefined ? {} : { [recompressedName(archive.name)]: recompressed }),
    }),
    node: identity.name,
    share:
      secret === undefined
        ? null
        : createJournalShare({ withTenant: database.withTenant, reader: journal.reader, secret }),
    replayed,
    async stop() {
      stopping.abort();
      beat.stop();
      await indexer.stop();
      await following;
      await settling?.stop();
      await repacking?.stop();
      await journal.stop();
    },
  };
};
