import { closeSync, ftruncateSync, mkdirSync, readdirSync, statfsSync } from 'node:fs';
import { open as openFolder, rename, unlink } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import { AppError, type InstanceLocation } from '@archwire/contracts';
import { storageError } from '@archwire/storage-adapters';

import { type ByteBudget, createByteBudget } from './byte-budget.ts';
import { chooseCommit, type CommitMode } from './choose-commit.ts';
import { createHolds } from './holds.ts';
import { createJournalReader, type ObjectReader } from './journal-reader.ts';
import { type JournalIo, nodeJournalIo, writeAll, writeAllSync } from './journal-io.ts';
import { lockFolder } from './lock-folder.ts';
import { createLargeFile, type LargeFile } from './large-file.ts';
import { crcOf, encodeRecordHead, RECORD_HEADER_LENGTH, type RecordMeta } from './record.ts';
import { type JournalEntry, type ScanEnd, scanSegment } from './scan-segment.ts';
import {
  adoptSpare,
  createSegmentSync,
  generationOf,
  prewriteFile,
  SEGMENT_HEADER_LENGTH,
  segmentKey,
  syncFolderSync,
} from './segment-file.ts';

export interface JournalLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

export interface JournalOptions {
  /** A folder of this node's own, on a disk as safe as the promise made with every Success. */
  readonly folder: string;
  readonly log: JournalLog;
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
  /** Measured at start when absent. */
  readonly commit?: CommitMode;
  readonly io?: JournalIo;
  readonly now?: () => number;
}

export interface Journal {
  /** Resolves when the record is durable. @throws AppError `storage-full`, `integrity`, `unavailable`; then nothing was kept. */
  append(meta: RecordMeta, chunks: readonly Buffer[], length: number): Promise<InstanceLocation>;
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
  readonly commitMode: CommitMode;
  /** Keys of segments and large files that still hold something, for health and tests. */
  held(): { readonly segments: number; readonly ranges: number };
  /** Frees what waits for its grace period, closes files. Nothing may be appended afterwards. */
  stop(): Promise<void>;
}

interface Active {
  readonly fd: number;
  readonly key: string;
  readonly generation: number;
  position: number;
  sequence: number;
}

interface Pending {
  readonly meta: Buffer;
  readonly chunks: readonly Buffer[];
  readonly length: number;
  readonly crc: number;
  readonly large: InstanceLocation | undefined;
  readonly resolve: (location: InstanceLocation) => void;
  readonly reject: (error: unknown) => void;
}

interface Placed {
  readonly buffers: readonly Buffer[];
  readonly length: number;
  readonly bodyOffset: number;
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

const BUSY_MS = 200;
const ROOM_CHECK_MS = 250;
const MAX_GROUP_BYTES = 8 << 20;

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
  const graceMs = options.graceMs ?? 60_000;
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
  const left = readdirSync(folders.segments)
    .map(generationOf)
    .filter((generation) => generation !== undefined)
    .sort((a, b) => a - b);
  const leftLarge = readdirSync(folders.large);
  let lastGeneration = left.at(-1) ?? 0;
  /** Never used twice, even when the folder was emptied: later than every one before and than the clock. */
  const nextGeneration = (): number => (lastGeneration = Math.max(lastGeneration + 1, now()));

  let active: Active | undefined;
  let prepared: Active | undefined;
  let lastAppend = 0;
  let isStopping = false;
  let background: Promise<void> = Promise.resolve();
  let pending: Pending[] = [];
  let committing: Promise<void> | undefined;
  let roomCheckedAt = 0;
  let room = Number.POSITIVE_INFINITY;

  const spareFiles = (): string[] => readdirSync(folders.spare).filter((name) => name.endsWith('.seg'));

  const recycle = async (key: string, isWhole: boolean): Promise<void> => {
    if (isWhole && spareFiles().length < spareTarget)
      await rename(pathOf(key), join(folders.spare, `${randomUUID()}.seg`));
    else await unlink(pathOf(key));
  };
  const holds = createHolds({ graceMs, recycle, unlink: (key) => unlinkIfThere(pathOf(key)), log });
  for (const generation of left) holds.addSegment(segmentKey(generation), { isReplaying: true });

  const open = (fd: number, generation: number): Active => {
    const key = segmentKey(generation);
    holds.addSegment(key, { isReplaying: false });
    return { fd, key, generation, position: SEGMENT_HEADER_LENGTH, sequence: 0 };
  };

  const adoptAny = async (): Promise<Active | undefined> => {
    const spare = spareFiles()[0];
    if (spare === undefined) return undefined;
    const generation = nextGeneration();
    return open(
      await adoptSpare(join(folders.spare, spare), pathOf(segmentKey(generation)), generation),
      generation,
    );
  };

  const isBusy = (): boolean => !isStopping && now() - lastAppend < BUSY_MS;

  const makeSpare = async (): Promise<void> => {
    const name = randomUUID();
    const path = join(folders.spare, `${name}.new`);
    try {
      await prewriteFile(path, segmentSize, isBusy);
      await rename(path, join(folders.spare, `${name}.seg`));
    } catch (error) {
      await unlink(path).catch(() => undefined);
      throw error;
    }
  };

  /** Has the next segment ready before it is needed; failing is no harm, one is then made on the spot. */
  const prepare = (): void => {
    background = background
      .then(async () => {
        if (isStopping || freeBytes() < headroom + segmentSize) return;
        if (prepared === undefined) {
          if (spareFiles().length === 0) await makeSpare();
          prepared = await adoptAny();
        }
        for (let missing = spareTarget - spareFiles().length; missing > 0; missing -= 1) {
          if (isStopping || freeBytes() < headroom + 2 * segmentSize) return;
          await makeSpare();
        }
      })
      .catch((error: unknown) =>
        log.warn({ kind: storageError(error).kind }, 'journal: could not prepare a segment'),
      );
  };

  const freeBytes = (): number => {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  };

  const assertRoom = (): void => {
    if (now() - roomCheckedAt >= ROOM_CHECK_MS) {
      roomCheckedAt = now();
      room = freeBytes();
    }
    if (room < headroom) {
      throw new AppError(
        'storage-full',
        'The disk has too little room left to keep images safely. Free space, then send again.',
      );
    }
  };

  const seal = (segment: Active, isWhole: boolean): void => {
    if (active === segment) active = undefined;
    try {
      closeSync(segment.fd);
    } catch (error) {
      log.warn(
        { segment: segment.key, kind: storageError(error).kind },
        'journal: a segment could not be closed',
      );
    }
    holds.seal(segment.key, isWhole);
  };

  /** After a failed write or flush nobody knows what the disk holds behind the last good record: this file is not written again. */
  const abandon = (segment: Active, error: unknown): void => {
    log.error(
      { segment: segment.key, kind: storageError(error).kind },
      'journal: a write failed, the segment is abandoned',
    );
    try {
      ftruncateSync(segment.fd, segment.position);
    } catch {
      log.warn(
        { segment: segment.key },
        'journal: the abandoned segment could not be cut; its last record may come back at the next start',
      );
    }
    seal(segment, false);
  };

  const segmentFor = (length: number): Active => {
    if (active !== undefined && active.position + length <= segmentSize) return active;
    if (active !== undefined) seal(active, true);
    if (prepared === undefined) {
      const generation = nextGeneration();
      active = open(createSegmentSync(pathOf(segmentKey(generation)), generation, segmentSize), generation);
    } else {
      active = prepared;
      prepared = undefined;
    }
    prepare();
    return active;
  };

  /** Lays a record out behind `position` and `sequence` without moving them: only a flushed record counts. */
  const place = (segment: Active, record: Pending, position: number, sequence: number): Placed => {
    const head = encodeRecordHead({ generation: segment.generation, sequence }, record.meta, record);
    return {
      buffers: [head, ...record.chunks],
      length: head.length + record.length,
      bodyOffset: position + head.length,
    };
  };

  const accept = (segment: Active, record: Pending, placed: Placed): void => {
    segment.position += placed.length;
    segment.sequence += 1;
    const location = record.large ?? {
      store: 'journal',
      key: segment.key,
      offset: placed.bodyOffset,
      length: record.length,
    };
    holds.hold(location, { key: segment.key, offset: placed.bodyOffset });
    record.resolve(location);
  };

  const recordLength = (record: Pending): number => RECORD_HEADER_LENGTH + record.meta.length + record.length;

  const commitNow = (record: Pending): void => {
    try {
      const segment = segmentFor(recordLength(record));
      const placed = place(segment, record, segment.position, segment.sequence);
      try {
        writeAllSync(io, segment.fd, placed.buffers, placed.length, segment.position);
        io.fdatasyncSync(segment.fd);
      } catch (error) {
        abandon(segment, error);
        throw error;
      }
      accept(segment, record, placed);
    } catch (error) {
      record.reject(storageError(error));
    }
  };

  const commitGroup = async (): Promise<void> => {
    const group: Pending[] = [];
    try {
      const first = pending[0];
      if (first === undefined) return;
      const segment = segmentFor(recordLength(first));
      const placed: Placed[] = [];
      let bytes = 0;
      for (;;) {
        const record = pending[0];
        if (
          record === undefined ||
          segment.position + bytes + recordLength(record) > segmentSize ||
          bytes > MAX_GROUP_BYTES
        )
          break;
        placed.push(place(segment, record, segment.position + bytes, segment.sequence + group.length));
        bytes += recordLength(record);
        group.push(record);
        pending.shift();
      }
      try {
        await writeAll(
          io,
          segment.fd,
          placed.flatMap((one) => one.buffers),
          bytes,
          segment.position,
        );
        await io.fdatasync(segment.fd);
      } catch (error) {
        abandon(segment, error);
        throw error;
      }
      group.forEach((record, index) => {
        const one = placed[index];
        if (one !== undefined) accept(segment, record, one);
      });
    } catch (error) {
      const failed = group.length > 0 ? group : pending.splice(0, 1);
      for (const record of failed) record.reject(storageError(error));
    }
  };

  const commitAll = async (): Promise<void> => {
    try {
      while (pending.length > 0) await commitGroup();
    } finally {
      // In the same turn as the last look at the queue: a record that comes next starts a new round.
      committing = undefined;
    }
  };

  const submit = (
    meta: RecordMeta,
    chunks: readonly Buffer[],
    length: number,
    large?: InstanceLocation,
  ): Promise<InstanceLocation> =>
    new Promise((resolve, reject) => {
      if (isStopping) {
        reject(new AppError('unavailable', 'The server is stopping. Send again in a moment.'));
        return;
      }
      lastAppend = now();
      const body = { chunks, length, crc: crcOf(chunks), large };
      const record: Pending = { meta: Buffer.from(JSON.stringify(meta)), ...body, resolve, reject };
      if (SEGMENT_HEADER_LENGTH + recordLength(record) > segmentSize) {
        reject(new AppError('too-large', 'This object does not fit a journal segment.'));
        return;
      }
      if (commitMode === 'sync') commitNow(record);
      else {
        pending.push(record);
        committing ??= commitAll();
      }
    });

  let damaged = false;
  const referenced = new Set<string>();
  const leftSegments = left.map((generation) => ({ generation, path: pathOf(segmentKey(generation)) }));

  async function* replay(): AsyncGenerator<JournalEntry> {
    for (const { generation, path } of leftSegments) {
      const end: ScanEnd = { state: 'clean', damagedRecords: 0 };
      for await (const entry of scanSegment(path, generation, end)) {
        if (entry.meta.large !== undefined) referenced.add(entry.meta.large.key);
        yield entry;
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
    for (const { key } of heldByIndex) referenced.add(key);
    for (const name of leftLarge) {
      const key = `large/${name}`;
      if (name.endsWith('.part') || referenced.has(key)) continue;
      if (damaged)
        log.warn({ key }, 'journal: a large file without a record is kept, because a segment is damaged');
      else await unlink(pathOf(key)).catch(() => undefined);
    }
  };

  try {
    active = await adoptAny();
    if (active === undefined) {
      if (freeBytes() > headroom + segmentSize) await makeSpare();
      active = await adoptAny();
    }
  } catch (error) {
    log.warn({ kind: storageError(error).kind }, 'journal: could not prepare a segment at start');
  }
  const commitMode = options.commit ?? chooseCommit(folders.spare, io);
  for (const name of readdirSync(folders.spare)) {
    if (name.endsWith('.new')) await unlink(join(folders.spare, name)).catch(() => undefined);
  }
  prepare();
  log.info({ commitMode, segmentSize, left: left.length }, 'journal: ready');

  return {
    append: (meta, chunks, length) => submit(meta, chunks, length),
    openLarge() {
      const key = `large/${randomUUID()}.dcm`;
      return { key, file: createLargeFile(pathOf(key), io, budget) };
    },
    async commitLarge({ file, key }, meta) {
      try {
        await file.seal();
        await syncFolder(folders.large);
        const location = { store: 'journal', key, offset: 0, length: file.length };
        return await submit({ ...meta, large: { key, length: file.length } }, [], 0, location);
      } catch (error) {
        await file.abort();
        throw storageError(error);
      }
    },
    assertRoom,
    replay,
    hold: (location, record) => holds.hold(location, record),
    release: (locations) => holds.release(locations),
    async endReplay(heldByIndex) {
      await removeOrphans(heldByIndex);
      for (const location of heldByIndex) holds.hold(location, location);
      for (const { generation } of leftSegments) holds.endReplay(segmentKey(generation));
    },
    reader: createJournalReader(folder),
    pathOf,
    budget,
    commitMode,
    held: () => holds.counts(),
    async stop() {
      isStopping = true;
      await committing;
      await background;
      if (active !== undefined) seal(active, true);
      if (prepared !== undefined) {
        closeSync(prepared.fd);
        holds.seal(prepared.key, true);
        prepared = undefined;
      }
      await holds.stop();
      unlock();
    },
  };
};
