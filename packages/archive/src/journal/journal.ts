import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { open as openFolder, unlink } from 'node:fs/promises';
import { join } from 'node:path';

import { AppError, type InstanceLocation } from '@archwire/contracts';
import { storageError } from '@archwire/storage-adapters';

import { type ByteBudget, createByteBudget } from './byte-budget.ts';
import { chooseCommit, type CommitMode } from './choose-commit.ts';
import { createCommitter } from './committer.ts';
import { createHolds } from './holds.ts';
import { type JournalIo, nodeJournalIo } from './journal-io.ts';
import { createJournalReader, type ObjectReader } from './journal-reader.ts';
import { createLargeFile, type LargeFile } from './large-file.ts';
import { lockFolder } from './lock-folder.ts';
import { crcOf, type RecordMeta } from './record.ts';
import { type JournalEntry, type ScanEnd, scanSegment } from './scan-segment.ts';
import { generationOf, segmentKey, syncFolderSync } from './segment-file.ts';
import { createSegmentPool, recycleSegment } from './segment-pool.ts';

export interface JournalLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

export interface JournalOptions {
  /** A folder of this node's own, on a disk as safe as the promise made with every Success. */
  readonly folder: string;
  readonly log: JournalLog;
  /** The name of this node, which the keys of its locations begin with; without one they have none. */
  readonly node?: string;
  /** Bytes of a segment, 64 MiB by default. */
  readonly segmentSize?: number;
  /** Written-through files kept for the next segments, besides the active and the prepared one; 3 by default. */
  readonly spares?: number;
  /** Bytes that must stay free on the disk; below it nothing is accepted. */
  readonly headroom?: number;
  /** Bytes that may wait in memory over all associations before senders are paused. */
  readonly memoryLimit?: number;
  /** How long a freed range stays readable for those who looked its location up before. */
  readonly graceMs?: number;
  /** When absent: measured at start, and followed while running. */
  readonly commit?: CommitMode;
  readonly io?: JournalIo;
  readonly now?: () => number;
}

export interface Journal {
  /**
   * Resolves when the record is durable. `crc` is the CRC-32 of the chunks, counted here when absent.
   * @throws AppError `storage-full`, `integrity`, `unavailable`; then nothing was kept.
   */
  append(
    meta: RecordMeta,
    chunks: readonly Buffer[],
    length: number,
    crc?: number,
  ): Promise<InstanceLocation>;
  /** Opens a file for an object too large for a record. `commitLarge` makes it durable, with its pointer record. */
  openLarge(): { readonly file: LargeFile; readonly key: string };
  commitLarge(
    large: { readonly file: LargeFile; readonly key: string },
    meta: RecordMeta,
  ): Promise<InstanceLocation>;
  /** @throws AppError `storage-full` when the disk has less than its headroom left. */
  assertRoom(): void;
  /** Everything that an earlier process left, in order. Call `endReplay` when all of it is held or released. */
  replay(): AsyncGenerator<JournalEntry>;
  /** Keeps the range alive: the index refers to it. Appended records are held from the start. */
  hold(location: InstanceLocation, record: JournalEntry['record']): void;
  /** Nobody refers to the range any more. Only call this after PostgreSQL has committed the change durably. Idempotent. */
  release(locations: readonly InstanceLocation[]): void;
  /** From now on replayed segments that hold nothing are freed, and large files that nobody acknowledged are removed. */
  endReplay(heldByIndex: readonly InstanceLocation[]): Promise<void>;
  readonly reader: ObjectReader;
  /** The local path of a key of this store, for hashing and hand-over of whole files. */
  pathOf(key: string): string;
  readonly budget: ByteBudget;
  /** As chosen at start. */
  readonly commitMode: CommitMode;
  /** Keys of segments and large files that still hold something, for health and tests. */
  held(): { readonly segments: number; readonly ranges: number };
  /** Frees what waits for its grace period, closes files. Nothing may be appended afterwards. */
  stop(): Promise<void>;
}

const syncFolder = async (path: string): Promise<void> => {
  const folder = await openFolder(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};

const unlinkIfThere = async (path: string): Promise<void> => {
  await unlink(path).catch((error: unknown) => {
    if (storageError(error).kind !== 'not-found') throw error;
  });
};

const ROOM_CHECK_MS = 250;

/**
 * The write-ahead journal: what was appended survives a crash and a power loss, and `replay` finds it again.
 * Small objects share pre-written segments, one flush each (or one per group, where flushing is slow); large objects are files
 * with a pointer record. Design and measurements: docs/architecture.md.
 */
export const createJournal = async (options: JournalOptions): Promise<Journal> => {
  const { folder, log } = options;
  const segmentSize = options.segmentSize ?? 64 << 20;
  const spareTarget = options.spares ?? 3;
  const headroom = options.headroom ?? 1 << 30;
  const io = options.io ?? nodeJournalIo;
  const now = options.now ?? Date.now;
  const budget = createByteBudget(options.memoryLimit ?? 64 << 20);
  const folders = {
    segments: join(folder, 'segments'),
    spare: join(folder, 'spare'),
    large: join(folder, 'large'),
  };
  for (const path of Object.values(folders)) mkdirSync(path, { recursive: true, mode: 0o700 });
  const unlock = lockFolder(folder);
  syncFolderSync(folder);
  for (const name of readdirSync(folders.large)) {
    if (name.endsWith('.part')) await unlink(join(folders.large, name));
  }

  const pathOf = (key: string): string => join(folder, key);
  // Inside, keys are paths in the folder; outside, where other nodes have journals too, they begin with the node's name.
  const prefix = options.node === undefined ? '' : `${options.node}/`;
  const outside = <K extends { readonly key: string }>(place: K): K => ({
    ...place,
    key: `${prefix}${place.key}`,
  });
  const inside = (key: string): string => (key.startsWith(prefix) ? key.slice(prefix.length) : key);
  const within = <K extends { readonly key: string }>(place: K): K => ({ ...place, key: inside(place.key) });
  const left = readdirSync(folders.segments)
    .map(generationOf)
    .filter((generation) => generation !== undefined)
    .sort((a, b) => a - b);
  const leftLarge = readdirSync(folders.large);
  const holds = createHolds({
    graceMs: options.graceMs ?? 60_000,
    recycle: (key, isWhole) => recycleSegment(folder, spareTarget, key, isWhole),
    unlink: (key) => unlinkIfThere(pathOf(key)),
    log,
  });
  for (const generation of left) holds.addSegment(segmentKey(generation), { isReplaying: true });
  const pool = await createSegmentPool({
    folder,
    segmentSize,
    spareTarget,
    headroom,
    log,
    holds,
    now,
    lastGeneration: left.at(-1) ?? 0,
  });
  const commitMode = options.commit ?? chooseCommit(folders.spare, io);
  const committer = createCommitter({
    pool,
    io,
    mode: commitMode,
    isFixed: options.commit !== undefined,
    segmentSize,
    onDurable: (location, record) => holds.hold(location, record),
  });

  let roomCheckedAt = 0;
  let room = Number.POSITIVE_INFINITY;
  const assertRoom = (): void => {
    if (now() - roomCheckedAt >= ROOM_CHECK_MS) {
      roomCheckedAt = now();
      room = pool.freeBytes();
    }
    if (room < headroom) {
      throw new AppError(
        'storage-full',
        'The disk has too little room left to keep images safely. Free space, then send again.',
      );
    }
  };

  let damaged = false;
  const referenced = new Set<string>();
  const leftSegments = left.map((generation) => ({ generation, path: pathOf(segmentKey(generation)) }));

  async function* replay(): AsyncGenerator<JournalEntry> {
    for (const { generation, path } of leftSegments) {
      const end: ScanEnd = { state: 'clean', damagedRecords: 0 };
      for await (const entry of scanSegment(path, generation, end)) {
        if (entry.meta.large !== undefined) referenced.add(entry.meta.large.key);
        yield { ...entry, location: outside(entry.location), record: outside(entry.record) };
      }
      if (end.state === 'damaged') {
        damaged = true;
        log.warn(
          { segment: segmentKey(generation), damagedRecords: end.damagedRecords },
          'journal: a segment ends in a record that is not whole; harmless if the machine went down while it was written',
        );
      }
    }
  }

  const removeOrphans = async (heldByIndex: readonly InstanceLocation[]): Promise<void> => {
    for (const { key } of heldByIndex) referenced.add(inside(key));
    for (const name of leftLarge) {
      const key = `large/${name}`;
      if (name.endsWith('.part') || referenced.has(key)) continue;
      if (damaged)
        log.warn({ key }, 'journal: a large file without a record is kept, because a segment is damaged');
      else await unlink(pathOf(key)).catch(() => undefined);
    }
  };

  log.info({ commitMode, segmentSize, left: left.length }, 'journal: ready');

  return {
    append: async (meta, chunks, length, crc = crcOf(chunks)) =>
      outside(await committer.submit(meta, { chunks, length, crc, large: undefined })),
    openLarge() {
      const key = `large/${randomUUID()}.dcm`;
      return { key, file: createLargeFile(pathOf(key), io, budget) };
    },
    async commitLarge({ file, key }, meta) {
      try {
        await file.seal();
        await syncFolder(folders.large);
        const location = { store: 'journal', key, offset: 0, length: file.length };
        return outside(
          await committer.submit(
            { ...meta, large: { key, length: file.length } },
            { chunks: [], length: 0, crc: 0, large: location },
          ),
        );
      } catch (error) {
        await file.abort();
        throw storageError(error);
      }
    },
    assertRoom,
    replay,
    hold: (location, record) => holds.hold(within(location), within(record)),
    release: (locations) => holds.release(locations.map(within)),
    async endReplay(heldByIndex) {
      await removeOrphans(heldByIndex);
      for (const { generation } of leftSegments) holds.endReplay(segmentKey(generation));
    },
    reader: createJournalReader(folder, inside),
    pathOf: (key) => pathOf(inside(key)),
    budget,
    commitMode,
    held: () => holds.counts(),
    async stop() {
      await committer.stop();
      await pool.stop();
      await holds.stop();
      unlock();
    },
  };
};
