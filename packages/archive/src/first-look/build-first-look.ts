import { AppError } from '@archwire/contracts';
import { describePixels, type PixelPool } from '@archwire/dicom';
import { inParallel } from '../derive/in-parallel.ts';
import type { OpenInstanceFrames } from '../retrieve/open-frames.ts';
import type { StoredInstance } from '../retrieve/stored-instance.ts';

/** Fewer frames are there as soon as their first look would be. */
const FEWEST = 32;
/** From here on every second frame is left out: the others stand beside it. */
const MANY = 64;
/** A quarter of the width and height. */
const LEVELS = 2;

/** What stands at the beginning of a first look, as JSON. */
export interface FirstLookIndex {
  readonly version: 1;
  /** Of every frame in it, in pixels. */
  readonly rows: number;
  readonly columns: number;
  /** By how much rows and columns are fewer than the image's. */
  readonly reduction: number;
  readonly transferSyntaxUid: string;
  /** In the order of the series; the bytes are counted from the end of the index. */
  readonly frames: readonly {
    readonly sopInstanceUid: string;
    readonly frame: number;
    readonly offset: number;
    readonly length: number;
  }[];
}

const HTJ2K_RPCL = '1.2.840.10008.1.2.4.202';

interface Place {
  readonly instance: StoredInstance;
  readonly frame: number;
}

/**
 * All of a volume at a quarter of its resolution in one object: the length of the index (32 bits, little endian), the index,
 * and one lossless HTJ2K code stream for each frame. `null` for a series that is no volume: few frames, colour, or frames of several sizes.
 */
export const buildFirstLook = async (
  instances: readonly StoredInstance[],
  openFrames: OpenInstanceFrames,
  pixels: Pick<PixelPool, 'encode' | 'threads'>,
): Promise<Buffer | null> => {
  const all = instances.flatMap((instance): Place[] =>
    Array.from({ length: instance.NumberOfFrames ?? 0 }, (_, i) => ({ instance, frame: i + 1 })),
  );
  if (all.length < FEWEST) return null;
  const step = all.length >= MANY ? 2 : 1;
  const sizes = new Set<string>();
  let rows = 0;
  let columns = 0;
  const encode = async ({ instance, frame }: Place): Promise<Uint8Array | null> => {
    if (sizes.size > 1) return null;
    const { head, source } = await openFrames(instance);
    const description = describePixels(head, frame);
    ({ rows, columns } = description);
    sizes.add(`${rows}x${columns}x${description.samplesPerPixel}`);
    return await pixels.encode(description, await source.frame(frame), LEVELS);
  };
  const chosen = all.filter((_, at) => at % step === 0);
  const streams: Uint8Array[] = [];
  try {
    const made = await inParallel(chosen, pixels.threads + 1, encode);
    streams.push(...made.filter((stream) => stream !== null));
  } catch (error) {
    // One frame that cannot be shown: the volume is looked at frame by frame.
    if (error instanceof AppError && ['unsupported', 'invalid', 'too-large'].includes(error.kind))
      return null;
    throw error;
  }
  if (sizes.size !== 1) return null;
  let offset = 0;
  const frames = chosen.map(({ instance, frame }, at) => {
    const length = streams[at]?.length ?? 0;
    offset += length;
    return { sopInstanceUid: instance.SOPInstanceUID, frame, offset: offset - length, length };
  });
  const reduction = 2 ** LEVELS;
  const index: FirstLookIndex = {
    version: 1,
    rows: Math.ceil(rows / reduction),
    columns: Math.ceil(columns / reduction),
    reduction,
    transferSyntaxUid: HTJ2K_RPCL,
    frames,
  };
  const json = Buffer.from(JSON.stringify(index));
  const head = Buffer.alloc(4);
  head.writeUInt32LE(json.length);
  return Buffer.concat([head, json, ...streams]);
};
