import { randomUUID } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, readdirSync, readSync, statfsSync } from 'node:fs';
import { rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';

import { storageError } from '@archwire/storage-adapters';

import type { Holds } from './holds.ts';
import type { JournalLog } from './journal.ts';
import {
  adoptSpare,
  createSegmentSync,
  decodeSegmentHeader,
  prewriteFile,
  SEGMENT_HEADER_LENGTH,
  segmentKey,
} from './segment-file.ts';

/** A segment that is being written. `position` and `sequence` move only behind flushed records. */
export interface OpenSegment {
  readonly fd: number;
  readonly key: string;
  readonly generation: number;
  position: number;
  sequence: number;
}

export interface SegmentPoolOptions {
  readonly folder: string;
  readonly segmentSize: number;
  readonly spareTarget: number;
  readonly headroom: number;
  readonly log: JournalLog;
  readonly holds: Pick<Holds, 'addSegment' | 'seal'>;
  readonly now: () => number;
  /** The last generation that an earlier process left. */
  readonly lastGeneration: number;
}

/** Has the active segment, one prepared to follow it, and spare files that need no more than a new header. */
export interface SegmentPool {
  /** The segment to append `length` bytes to. @throws what the file system says when a new one cannot be made. */
  take(length: number): OpenSegment;
  /** Never written again: after a failed write or flush nobody knows what lies behind the last good record. */
  abandon(segment: OpenSegment, error: unknown): void;
  /** Says that something is being received, so that preparing leaves the disk alone. */
  touch(): void;
  freeBytes(): number;
  stop(): Promise<void>;
}

const BUSY_MS = 200;

const spareFolder = (folder: string): string => join(folder, 'spare');

const spareFiles = (folder: string): string[] =>
  readdirSync(spareFolder(folder)).filter((name) => name.endsWith('.seg'));

/** The generation that a spare last served under; its records must never be taken for new ones. */
const lastUse = (path: string): number => {
  const header = Buffer.alloc(SEGMENT_HEADER_LENGTH);
  const fd = openSync(path, 'r');
  try {
    readSync(fd, header, 0, header.length, 0);
  } finally {
    closeSync(fd);
  }
  return decodeSegmentHeader(header) ?? 0;
};

/** Keeps the file of a freed segment as a spare while spares are wanted, else removes it. */
export const recycleSegment = async (
  folder: string,
  spareTarget: number,
  key: string,
  isWhole: boolean,
): Promise<void> => {
  const path = join(folder, key);
  if (isWhole && spareFiles(folder).length < spareTarget) {
    await rename(path, join(spareFolder(folder), `${randomUUID()}.seg`));
  } else await unlink(path);
};

/** Resolves with a segment ready, or without one when the disk does not allow it: `take` then tries on the spot. */
export const createSegmentPool = async (options: SegmentPoolOptions): Promise<SegmentPool> => {
  const { folder, segmentSize, spareTarget, headroom, log, holds, now } = options;
  let lastGeneration = options.lastGeneration;
  let active: OpenSegment | undefined;
  let prepared: OpenSegment | undefined;
  let lastTouch = 0;
  let isStopping = false;
  let background: Promise<void> = Promise.resolve();

  const freeBytes = (): number => {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  };

  /** Never used twice, even when the folder was emptied: later than every one before, and than the clock. */
  const nextGeneration = (): number => (lastGeneration = Math.max(lastGeneration + 1, now()));

  const opened = (fd: number, generation: number): OpenSegment => {
    const key = segmentKey(generation);
    holds.addSegment(key, { isReplaying: false });
    return { fd, key, generation, position: SEGMENT_HEADER_LENGTH, sequence: 0 };
  };

  const makeSpare = async (): Promise<void> => {
    const path = join(spareFolder(folder), `${randomUUID()}.new`);
    try {
      await prewriteFile(path, segmentSize, () => !isStopping && now() - lastTouch < BUSY_MS);
      await rename(path, path.replace(/\.new$/, '.seg'));
    } catch (error) {
      await unlink(path).catch(() => undefined);
      throw error;
    }
  };

  const adoptAny = async (): Promise<OpenSegment | undefined> => {
    const [spare] = spareFiles(folder);
    if (spare === undefined) return undefined;
    const path = join(spareFolder(folder), spare);
    lastGeneration = Math.max(lastGeneration, lastUse(path));
    const generation = nextGeneration();
    return opened(await adoptSpare(path, join(folder, segmentKey(generation)), generation), generation);
  };

  const prepareAll = async (): Promise<void> => {
    if (isStopping || freeBytes() < headroom + segmentSize) return;
    if (prepared === undefined) {
      if (spareFiles(folder).length === 0) await makeSpare();
      prepared = await adoptAny();
    }
    for (let missing = spareTarget - spareFiles(folder).length; missing > 0; missing -= 1) {
      if (isStopping || freeBytes() < headroom + 2 * segmentSize) return;
      await makeSpare();
    }
  };

  /** Failing is no harm: a segment is then made on the spot. */
  const prepare = (): void => {
    background = background.then(prepareAll).catch((error: unknown) => {
      log.warn({ kind: storageError(error).kind }, 'journal: could not prepare a segment');
    });
  };

  const seal = (segment: OpenSegment, isWhole: boolean): void => {
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

  const makeNow = (): OpenSegment => {
    const generation = nextGeneration();
    return opened(
      createSegmentSync(join(folder, segmentKey(generation)), generation, segmentSize),
      generation,
    );
  };

  for (const name of readdirSync(spareFolder(folder))) {
    if (name.endsWith('.new')) await unlink(join(spareFolder(folder), name));
  }
  try {
    if (spareFiles(folder).length === 0 && freeBytes() > headroom + segmentSize) await makeSpare();
    active = await adoptAny();
  } catch (error) {
    log.warn({ kind: storageError(error).kind }, 'journal: could not prepare a segment at start');
  }
  prepare();

  return {
    take(length) {
      if (active !== undefined && active.position + length <= segmentSize) return active;
      if (active !== undefined) seal(active, true);
      active = prepared ?? makeNow();
      prepared = undefined;
      prepare();
      return active;
    },
    abandon(segment, error) {
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
    },
    touch() {
      lastTouch = now();
    },
    freeBytes,
    async stop() {
      isStopping = true;
      await background;
      if (active !== undefined) seal(active, true);
      if (prepared !== undefined) seal(prepared, true);
      prepared = undefined;
    },
  };
};
