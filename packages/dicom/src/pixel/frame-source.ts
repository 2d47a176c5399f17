import { AppError } from '@archwire/contracts/app-error';
import { encapsulatedFrames } from './encapsulated-frames.ts';
import type { FrameHead } from './frame-head.ts';
import { inflatedBytes } from './inflated-bytes.ts';
import { nativeFrames } from './native-frames.ts';
import { EXPLICIT_VR_LITTLE_ENDIAN, pixelCoding } from './pixel-transfer-syntax.ts';
import type { StoredBytes } from './stored-bytes.ts';

export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** The frames of one stored object. Frame numbers count from 1, as in DICOM. */
export interface FrameSource {
  /** Number of Frames, at least 1. */
  readonly count: number;
  /**
   * The transfer syntax of the bytes that `frame` returns: the object's own when encapsulated; Explicit VR Little Endian
   * for native objects, whatever their own byte order and compression.
   */
  readonly transferSyntaxUid: string;
  readonly encapsulated: boolean;
  /**
   * One frame: native pixels little endian (1-bit frames realigned to start at bit 0), or the joined fragments of its code
   * stream. Reads only what it needs.
   * @throws AppError `not-found` no such frame; `invalid` the object is cut short or its fragments cannot be told apart;
   *   `too-large` beyond `MAX_FRAME_BYTES` (serve such a frame from its ranges).
   */
  frame(frameNumber: number): Promise<Buffer>;
  /**
   * Where `frame`'s bytes lie in the stored object, in order, to serve them without copying; `null` when the stored bytes
   * are not what `frame` returns (deflated, big endian words, 1-bit frames that do not start on a byte).
   */
  frameRanges(frameNumber: number): Promise<readonly ByteRange[] | null>;
}

/**
 * Finds frames of an object that is read by range: native, or encapsulated with an Extended Offset Table, a Basic Offset
 * Table or none (PS3.5 A.4). Only a deflated object is read whole.
 * @throws AppError `not-found` when the object has no Pixel Data.
 */
export function frameSource(head: FrameHead, stored: StoredBytes): FrameSource {
  if (head.pixelData === null) throw new AppError('not-found', 'This object has no Pixel Data.');
  const { pixelData, dataSet } = head;
  const count = head.header.NumberOfFrames ?? 1;
  const transferSyntaxUid = head.header.TransferSyntaxUID;
  const coding = pixelCoding(transferSyntaxUid);
  const frames = pixelData.encapsulated
    ? encapsulatedFrames({ dataSet, start: pixelData.offset, count, stored })
    : nativeFrames({
        dataSet,
        pixelData,
        count,
        stored:
          coding === 'deflated' ? inflatedWhileNeeded(stored) : { open: async () => stored, direct: true },
        bigEndian: coding === 'big-endian',
      });
  const check = (frameNumber: number) => {
    if (!Number.isInteger(frameNumber) || frameNumber < 1 || frameNumber > count) {
      throw new AppError('not-found', `This object has frames 1 to ${count}.`, { details: { frameNumber } });
    }
  };
  return {
    count,
    encapsulated: pixelData.encapsulated,
    transferSyntaxUid: pixelData.encapsulated ? transferSyntaxUid : EXPLICIT_VR_LITTLE_ENDIAN,
    frame: async (frameNumber) => {
      check(frameNumber);
      return frames.frame(frameNumber);
    },
    frameRanges: async (frameNumber) => {
      check(frameNumber);
      return frames.frameRanges(frameNumber);
    },
  };
}

/** Held weakly: a source may be kept for long, and the inflated object with it would be too much. */
function inflatedWhileNeeded(stored: StoredBytes) {
  let inflated: WeakRef<StoredBytes> | undefined;
  const open = async () => {
    const known = inflated?.deref();
    if (known !== undefined) return known;
    const fresh = await inflatedBytes(stored);
    inflated = new WeakRef(fresh);
    return fresh;
  };
  return { open, direct: false };
}
