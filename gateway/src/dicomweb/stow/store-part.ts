import type { ObjectSink, Receipt } from '@archwire/archive';
import { AppError } from '@archwire/contracts';
import { failureReason } from './failure-reason.ts';

export interface Identity {
  readonly SOPClassUID: string;
  readonly SOPInstanceUID: string;
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
}

/** What became of one part of the request. */
export type PartOutcome =
  | { readonly kind: 'stored'; readonly identity: Identity; readonly conflict: boolean }
  | { readonly kind: 'failed'; readonly identity: Identity | undefined; readonly reason: number };

/** Receives one part: `write` in order, then `end` or `abort` once. */
export interface PartStore {
  /** Resolves when it is time to write again. */
  write(chunk: Buffer): Promise<void>;
  /** Resolves once the bytes are durable or refused; never rejects. `outcome` resolves after the index commit. */
  end(): Promise<{ readonly outcome: Promise<PartOutcome> }>;
  abort(): Promise<void>;
}

/** Enough for the header of every image seen so far; when a Study UID must be checked, as much as it takes. */
const HEAD_BYTES = 64 * 1024;
const MAX_HEAD_BYTES = 16 * 1024 * 1024;

const wrongStudy = (): AppError =>
  new AppError(
    'conflict',
    'The instance belongs to another study than the one in the path. Send it to its own study.',
  );

/**
 * One part of a STOW-RS request on its way into `sink`. With `studyInstanceUid` nothing is written before the data set is
 * known to belong to that study (PS3.18 section 10.5.1.1).
 * `identify` reads the head of a Part 10 file; `undefined` when it cannot (yet).
 */
export const createPartStore = ({
  sink,
  identify,
  studyInstanceUid,
}: {
  readonly sink: ObjectSink;
  readonly identify: (head: Buffer) => Identity | undefined;
  readonly studyInstanceUid: string | undefined;
}): PartStore => {
  const head: Buffer[] = [];
  let headLength = 0;
  let tryAt = HEAD_BYTES;
  let identity: Identity | undefined;
  let released = studyInstanceUid === undefined;
  let refused: AppError | undefined;

  const pass = async (chunk: Buffer): Promise<void> => {
    if (!sink.write(chunk)) await sink.drained();
  };

  const release = async (ended: boolean): Promise<void> => {
    identity = identify(Buffer.concat(head));
    if (identity === undefined && !ended && headLength < MAX_HEAD_BYTES) {
      tryAt = headLength * 4;
      return;
    }
    if (identity !== undefined && identity.StudyInstanceUID !== studyInstanceUid) {
      refused = wrongStudy();
      return;
    }
    // What cannot be read goes on to the sink, which says why it cannot.
    released = true;
    for (const chunk of head.splice(0)) await pass(chunk);
  };

  const failed = (error: unknown): PartOutcome => ({
    kind: 'failed',
    identity: identity ?? identify(Buffer.concat(head)),
    reason: failureReason(error),
  });

  const settled = async (receipt: Receipt): Promise<PartOutcome> => {
    try {
      return { kind: 'stored', identity: receipt.header, conflict: (await receipt.indexed) === 'conflict' };
    } catch (error) {
      return { kind: 'failed', identity: receipt.header, reason: failureReason(error) };
    }
  };

  return {
    write: async (chunk) => {
      if (refused !== undefined) return;
      if (released) {
        if (studyInstanceUid === undefined && headLength < HEAD_BYTES) {
          head.push(chunk);
          headLength += chunk.length;
        }
        await pass(chunk);
        return;
      }
      head.push(chunk);
      headLength += chunk.length;
      if (headLength >= tryAt) await release(false);
    },
    end: async () => {
      try {
        if (!released && refused === undefined) await release(true);
        if (refused !== undefined) {
          await sink.abort();
          return { outcome: Promise.resolve(failed(refused)) };
        }
        return { outcome: settled(await sink.finish()) };
      } catch (error) {
        return { outcome: Promise.resolve(failed(error)) };
      }
    },
    abort: () => sink.abort(),
  };
};
