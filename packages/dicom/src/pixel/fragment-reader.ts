import { AppError } from '@archwire/contracts/app-error';
import type { StoredBytes } from './stored-bytes.ts';

export interface Fragment {
  /** Bytes to the fragment's value, after its item header. */
  readonly offset: number;
  readonly length: number;
  /** The value starts with a start-of-image marker. */
  readonly startsImage: boolean;
}

const ITEM = 0xe000fffe;
/** An hour of video at 30 frames per second has a tenth of this. */
const MAX_FRAGMENTS = 1_000_000;
const WINDOW = 16 * 1024;
const HEADER = 8;
const LOOK = HEADER + 12;
const JP2_SIGNATURE = 0x0000000c;

/** Walks the items of encapsulated Pixel Data through a small window, so that only headers are read. */
export function fragmentReader(stored: StoredBytes) {
  let windowStart = 0;
  let window: Buffer = Buffer.alloc(0);

  const at = async (offset: number): Promise<Buffer> => {
    const needed = Math.min(LOOK, stored.length - offset);
    if (offset < windowStart || offset + needed > windowStart + window.length) {
      window = await stored.read(offset, Math.min(WINDOW, stored.length - offset));
      windowStart = offset;
    }
    return window.subarray(offset - windowStart, offset - windowStart + needed);
  };

  /** The value's place of the item at `offset`; `undefined` when it is the Sequence Delimitation Item or the object ends. */
  const item = async (offset: number): Promise<Fragment | undefined> => {
    if (offset + HEADER > stored.length) return undefined;
    const bytes = await at(offset);
    if (bytes.readUInt32LE(0) !== ITEM) return undefined;
    const length = bytes.readUInt32LE(4);
    if (length === 0xffffffff) {
      throw new AppError('invalid', 'A fragment of Pixel Data has no length.');
    }
    return { offset: offset + HEADER, length, startsImage: startsImage(bytes.subarray(HEADER)) };
  };

  return {
    item,
    isItem: async (offset: number) => offset + HEADER <= stored.length && (await item(offset)) !== undefined,
    /** Fragments from the item at `from` to `end`, or to the end of the sequence. */
    fragments: async (from: number, end: number | undefined): Promise<Fragment[]> => {
      const found: Fragment[] = [];
      let offset = from;
      while (offset < (end ?? stored.length)) {
        const fragment = await item(offset);
        if (fragment === undefined) break;
        if (found.length === MAX_FRAGMENTS) {
          throw new AppError('invalid', 'Pixel Data has more fragments than any image can need.');
        }
        found.push(fragment);
        offset = fragment.offset + fragment.length;
      }
      return found;
    },
  };
}

function startsImage(bytes: Buffer): boolean {
  if (bytes.length < 4) return false;
  const first = bytes.readUInt32BE(0);
  return first >>> 8 === 0xffd8ff || first === 0xff4fff51 || first === JP2_SIGNATURE;
}
