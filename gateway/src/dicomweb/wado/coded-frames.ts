import type { OpenFrames, StoredInstance } from '@archwire/archive';
import { describePixels, type PixelPool } from '@archwire/dicom';

/** HTJ2K Lossless RPCL: what frames are encoded in when a client asks for that and they are stored otherwise. */
export const HTJ2K_RPCL = '1.2.840.10008.1.2.4.202';

export interface CodedFrames {
  /** The code stream of one frame at `1 / 2^levels` of its size. @throws AppError as `PixelPool.encode`. */
  get(instance: StoredInstance, opened: OpenFrames, frame: number, levels: number): Promise<Uint8Array>;
}

const KEPT_BYTES = 96 * 1024 * 1024;

/** Encodes frames on request and keeps those asked for last: ranges of one frame come as several requests. */
export const createCodedFrames = (
  pixels: Pick<PixelPool, 'encode'>,
  keptBytes: number = KEPT_BYTES,
): CodedFrames => {
  const kept = new Map<string, Promise<Uint8Array>>();
  const lengths = new Map<string, number>();
  let bytes = 0;

  const forget = (key: string): void => {
    kept.delete(key);
    bytes -= lengths.get(key) ?? 0;
    lengths.delete(key);
  };
  const make = async (
    key: string,
    { head, source }: OpenFrames,
    frame: number,
    levels: number,
  ): Promise<Uint8Array> => {
    try {
      const stream = await pixels.encode(describePixels(head, frame), await source.frame(frame), levels);
      lengths.set(key, stream.length);
      bytes += stream.length;
      for (const oldest of lengths.keys()) {
        if (bytes <= keptBytes) break;
        forget(oldest);
      }
      return stream;
    } catch (error) {
      kept.delete(key);
      throw error;
    }
  };

  return {
    get: (instance, opened, frame, levels) => {
      const key = `${instance.tenantId}/${instance.id}/${instance.sha256}/${frame}/${levels}`;
      const known = kept.get(key);
      if (known !== undefined) {
        const length = lengths.get(key);
        if (length !== undefined) {
          // Used last now: the first of the map goes first.
          lengths.delete(key);
          lengths.set(key, length);
        }
        return known;
      }
      const stream = make(key, opened, frame, levels);
      kept.set(key, stream);
      return stream;
    },
  };
};
