import type { InstanceLocation } from '@archwire/contracts';
import { storageError } from '@archwire/storage-adapters';

import type { JournalLog } from './journal.ts';

interface Segment {
  /** Offsets of records that somebody may still refer to. */
  readonly live: Set<number>;
  isSealed: boolean;
  /** A whole file may serve again as a spare; one that was abandoned may not. */
  isWhole: boolean;
  /** Left by an earlier process and not read to its end yet. */
  isReplaying: boolean;
}

/** Knows which ranges are referred to, and frees a segment when none of its records is, after the grace period. */
export interface Holds {
  addSegment(key: string, options: { readonly isReplaying: boolean }): void;
  hold(location: InstanceLocation, record: { readonly key: string; readonly offset: number }): void;
  release(locations: readonly InstanceLocation[]): void;
  seal(key: string, isWhole: boolean): void;
  endReplay(key: string): void;
  counts(): { readonly segments: number; readonly ranges: number };
  stop(): Promise<void>;
}

export const createHolds = (deps: {
  readonly graceMs: number;
  readonly recycle: (key: string, isWhole: boolean) => Promise<void>;
  readonly unlink: (key: string) => Promise<void>;
  readonly log: JournalLog;
}): Holds => {
  const segments = new Map<string, Segment>();
  /** The record that points at each large file. */
  const large = new Map<string, { readonly key: string; readonly offset: number }>();
  /** Large files that nobody refers to any more, and that wait for their grace period with their pointer records. */
  let leaving = 0;
  const waiting = new Map<NodeJS.Timeout, () => Promise<void>>();
  const running = new Set<Promise<void>>();

  const run = (act: () => Promise<void>): void => {
    const done = act()
      .catch((error: unknown) =>
        deps.log.warn({ kind: storageError(error).kind }, 'journal: a freed file could not be removed'),
      )
      .finally(() => running.delete(done));
    running.add(done);
  };

  const later = (act: () => Promise<void>): void => {
    if (deps.graceMs === 0) return run(act);
    const timer = setTimeout(() => {
      waiting.delete(timer);
      run(act);
    }, deps.graceMs);
    timer.unref();
    waiting.set(timer, act);
  };

  const freeIfEmpty = (key: string): void => {
    const segment = segments.get(key);
    if (segment === undefined || !segment.isSealed || segment.isReplaying || segment.live.size > 0) return;
    segments.delete(key);
    later(() => deps.recycle(key, segment.isWhole));
  };

  const drop = (record: { readonly key: string; readonly offset: number }): void => {
    if (segments.get(record.key)?.live.delete(record.offset) === true) freeIfEmpty(record.key);
  };

  return {
    addSegment(key, { isReplaying }) {
      segments.set(key, { live: new Set(), isSealed: isReplaying, isWhole: true, isReplaying });
    },
    hold(location, record) {
      segments.get(record.key)?.live.add(record.offset);
      if (location.key !== record.key) large.set(location.key, record);
    },
    release(locations) {
      for (const { key, offset } of locations) {
        const pointer = large.get(key);
        if (pointer === undefined) drop({ key, offset });
        else {
          large.delete(key);
          leaving += 1;
          later(async () => {
            await deps.unlink(key);
            leaving -= 1;
            drop(pointer);
          });
        }
      }
    },
    seal(key, isWhole) {
      const segment = segments.get(key);
      if (segment === undefined) return;
      segment.isSealed = true;
      segment.isWhole = isWhole;
      freeIfEmpty(key);
    },
    endReplay(key) {
      const segment = segments.get(key);
      if (segment === undefined) return;
      segment.isReplaying = false;
      freeIfEmpty(key);
    },
    counts() {
      let ranges = -leaving;
      for (const { live } of segments.values()) ranges += live.size;
      return { segments: segments.size, ranges };
    },
    async stop() {
      for (const [timer, act] of waiting) {
        clearTimeout(timer);
        run(act);
      }
      waiting.clear();
      while (running.size > 0) await Promise.all(running);
    },
  };
};
