import { AppError, type InstanceLocation } from '@archwire/contracts';
import { storageError } from '@archwire/storage-adapters';

import { type CommitMode, QUICK_FLUSH_MS } from './choose-commit.ts';
import { type JournalIo, writeAll, writeAllSync } from './journal-io.ts';
import { encodeRecordHead, RECORD_HEADER_LENGTH, type RecordMeta } from './record.ts';
import { SEGMENT_HEADER_LENGTH } from './segment-file.ts';
import type { OpenSegment, SegmentPool } from './segment-pool.ts';

interface Body {
  readonly chunks: readonly Buffer[];
  readonly length: number;
  readonly crc: number;
  /** Where the bytes lie when the record only points at them. */
  readonly large: InstanceLocation | undefined;
}

interface Pending extends Body {
  readonly meta: Buffer;
  readonly resolve: (location: InstanceLocation) => void;
  readonly reject: (error: unknown) => void;
}

interface Placed {
  readonly record: Pending;
  readonly buffers: readonly Buffer[];
  readonly length: number;
  readonly bodyOffset: number;
}

export interface CommitterOptions {
  readonly pool: SegmentPool;
  readonly io: JournalIo;
  /** What the disk was found fit for at start. */
  readonly mode: CommitMode;
  /** Whether `mode` stays; otherwise it follows what flushes take, since a disk is shared and its day has busy hours. */
  readonly isFixed: boolean;
  readonly segmentSize: number;
  /** Called for each record when it is durable, before its sender hears of it. */
  readonly onDurable: (
    location: InstanceLocation,
    record: { readonly key: string; readonly offset: number },
  ) => void;
}

/** Appends records to the active segment and answers when they are durable. */
export interface Committer {
  submit(meta: RecordMeta, body: Body): Promise<InstanceLocation>;
  stop(): Promise<void>;
}

const MAX_GROUP_BYTES = 8 << 20;
/** How many flushes the running mean remembers. */
const MEMORY = 16;

const recordLength = (record: Pending): number => RECORD_HEADER_LENGTH + record.meta.length + record.length;

/** Lays a record out `ahead` bytes and `count` records behind the last durable one. */
const place = (segment: OpenSegment, record: Pending, ahead: number, count: number): Placed => {
  const head = encodeRecordHead(
    { generation: segment.generation, sequence: segment.sequence + count },
    record.meta,
    record,
  );
  return {
    record,
    buffers: [head, ...record.chunks],
    length: head.length + record.length,
    bodyOffset: segment.position + ahead + head.length,
  };
};

export const createCommitter = (options: CommitterOptions): Committer => {
  const { pool, io, segmentSize, onDurable } = options;
  let { mode } = options;
  let meanMs = mode === 'sync' ? 0 : 2 * QUICK_FLUSH_MS;
  const pending: Pending[] = [];
  let isCommitting = false;
  let isScheduled = false;
  let round: Promise<void> = Promise.resolve();
  let isStopping = false;

  const accept = (segment: OpenSegment, { record, length, bodyOffset }: Placed): void => {
    segment.position += length;
    segment.sequence += 1;
    const location = record.large ?? {
      store: 'journal',
      key: segment.key,
      offset: bodyOffset,
      length: record.length,
    };
    onDurable(location, { key: segment.key, offset: bodyOffset });
    record.resolve(location);
  };

  /** Back to `sync` at half the time only: a mean at the border would change its mind with every flush. */
  const observe = (startedAt: number): void => {
    meanMs += (performance.now() - startedAt - meanMs) / MEMORY;
    if (options.isFixed) return;
    if (mode === 'sync' && meanMs > QUICK_FLUSH_MS) mode = 'group';
    else if (mode === 'group' && meanMs < QUICK_FLUSH_MS / 2) mode = 'sync';
  };

  /** Takes from the queue what fits the segment and one write. */
  const takeGroup = (segment: OpenSegment): Placed[] => {
    const group: Placed[] = [];
    let bytes = 0;
    for (let [record] = pending; record !== undefined; [record] = pending) {
      const length = recordLength(record);
      if (segment.position + bytes + length > segmentSize || bytes > MAX_GROUP_BYTES) break;
      group.push(place(segment, record, bytes, group.length));
      bytes += length;
      pending.shift();
    }
    return group;
  };

  const together = (group: readonly Placed[]): { readonly buffers: Buffer[]; readonly length: number } => ({
    buffers: group.flatMap((placed) => placed.buffers),
    length: group.reduce((sum, placed) => sum + placed.length, 0),
  });

  const settleGroup = (segment: OpenSegment, group: readonly Placed[], startedAt: number): void => {
    observe(startedAt);
    for (const placed of group) accept(segment, placed);
  };

  const failGroup = (segment: OpenSegment, group: readonly Placed[], error: unknown): void => {
    pool.abandon(segment, error);
    for (const { record } of group) record.reject(storageError(error));
  };

  /** The segment for the first that waits; one that finds no room anywhere is told so and taken out. */
  const nextSegment = (first: Pending): OpenSegment | undefined => {
    try {
      return pool.take(recordLength(first));
    } catch (error) {
      pending.shift();
      first.reject(storageError(error));
      return undefined;
    }
  };

  /** Everything that senders finished in one turn of the event loop shares a write and a flush. */
  const commitOnTheSpot = (): void => {
    isScheduled = false;
    for (let [first] = pending; first !== undefined; [first] = pending) {
      const segment = nextSegment(first);
      if (segment === undefined) continue;
      const group = takeGroup(segment);
      const startedAt = performance.now();
      try {
        const { buffers, length } = together(group);
        writeAllSync(io, segment.fd, buffers, length, segment.position);
        io.fdatasyncSync(segment.fd);
      } catch (error) {
        failGroup(segment, group, error);
        continue;
      }
      settleGroup(segment, group, startedAt);
    }
  };

  const commitGroups = async (): Promise<void> => {
    isCommitting = true;
    try {
      for (let [first] = pending; first !== undefined; [first] = pending) {
        const segment = nextSegment(first);
        if (segment === undefined) continue;
        const group = takeGroup(segment);
        const startedAt = performance.now();
        try {
          const { buffers, length } = together(group);
          await writeAll(io, segment.fd, buffers, length, segment.position);
          await io.fdatasync(segment.fd);
        } catch (error) {
          failGroup(segment, group, error);
          continue;
        }
        settleGroup(segment, group, startedAt);
      }
    } finally {
      // In the same turn as the last look at the queue: a record that comes next starts a new round.
      isCommitting = false;
    }
  };

  return {
    submit: (meta, body) =>
      new Promise((resolve, reject) => {
        if (isStopping) {
          reject(new AppError('unavailable', 'The server is stopping. Send again in a moment.'));
          return;
        }
        pool.touch();
        const record: Pending = { meta: Buffer.from(JSON.stringify(meta)), ...body, resolve, reject };
        if (SEGMENT_HEADER_LENGTH + recordLength(record) > segmentSize) {
          reject(new AppError('too-large', 'This object does not fit a journal segment.'));
          return;
        }
        pending.push(record);
        if (isCommitting || isScheduled) return;
        if (mode === 'group') round = commitGroups();
        else {
          isScheduled = true;
          setImmediate(commitOnTheSpot);
        }
      }),
    async stop() {
      isStopping = true;
      if (isScheduled) commitOnTheSpot();
      await round;
    },
  };
};
