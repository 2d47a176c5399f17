import { AppError } from '@archwire/contracts/app-error';
import type { InstanceHead } from '../instance-head.ts';
import type { PixelPool } from '../pixel/pixel-pool.ts';
import { fragmentReader } from '../pixel/fragment-reader.ts';
import type { StoredBytes } from '../pixel/stored-bytes.ts';
import { readDataSet } from '../read-data-set.ts';
import type { Encoding } from '../read-element.ts';
import { readPart10 } from '../read-part10.ts';
import { canTranscode, type TranscodeTarget } from './can-transcode.ts';
import { decodedFrames } from './decoded-frames.ts';
import { nativePixels } from './native-pixels.ts';
import { elementHeader, rewriteElements } from './rewrite-elements.ts';

export interface TranscodeParts {
  /** Of `stored`; parsed to Pixel Data, or to the end of an object that has none. */
  readonly head: InstanceHead;
  readonly stored: StoredBytes;
  readonly decode: PixelPool['decode'];
}

/** Elements behind Pixel Data: signatures and padding. */
const MOST_TRAILING = 16_777_216;

const trailing = async (
  { stored }: TranscodeParts,
  from: Encoding,
  to: Encoding,
  end: number,
): Promise<Buffer> => {
  if (end >= stored.length) return Buffer.alloc(0);
  if (stored.length - end > MOST_TRAILING)
    throw new AppError(
      'unsupported',
      'There is too much behind Pixel Data to send it in another transfer syntax.',
    );
  const bytes = await stored.read(end, stored.length - end);
  return rewriteElements(readDataSet(bytes, 0, from), to, new Map([['xfffcfffc', null]]));
};

const DELIMITER_BYTES = 8;

/** The first byte behind encapsulated Pixel Data, of which only the headers of its items are read. */
const endOfFragments = async (stored: StoredBytes, start: number): Promise<number> => {
  const last = (await fragmentReader(stored).fragments(start, undefined)).at(-1);
  return last === undefined ? stored.length : last.offset + last.length + DELIMITER_BYTES;
};

/**
 * A stored object's data set in an uncompressed transfer syntax: native pixels as they are, compressed ones decoded. Elements
 * keep their values, private ones byte for byte. What is in memory does not depend on the number of frames (deflated objects,
 * which cannot be read in part, excepted). @throws AppError before the first byte for what can be known by then:
 * `unsupported`, `too-large`, `invalid`; while it is read what the store or a later frame throws.
 */
export const transcodeDataSet = async (
  parts: TranscodeParts,
  target: TranscodeTarget,
): Promise<AsyncIterable<Buffer>> => {
  const { head, stored } = parts;
  const { TransferSyntaxUID } = head.header;
  if (!canTranscode(TransferSyntaxUID))
    throw new AppError(
      'unsupported',
      'Nothing here decodes this transfer syntax (JPEG XL, video, private ones): let the receiver accept it, and the object goes as it is.',
      { details: { TransferSyntaxUID } },
    );
  const { encoding: from, deflated } = readPart10(head.bytes, TransferSyntaxUID);
  const to: Encoding = { explicitVr: target !== '1.2.840.10008.1.2', littleEndian: true };
  const { pixelData } = head;
  if (pixelData === null) {
    const whole = rewriteElements(head.dataSet, to);
    return (async function* () {
      yield whole;
    })();
  }
  const pixelKey = `x${pixelData.tag.toString(16).padStart(8, '0')}`;
  if (pixelData.length === undefined) {
    const frames = await decodedFrames(head, stored, parts.decode);
    const before = rewriteElements(head.dataSet, to, new Map([...frames.changes, [pixelKey, null]]));
    const behind = await trailing(parts, from, to, await endOfFragments(stored, pixelData.offset));
    return (async function* () {
      yield Buffer.concat([before, elementHeader(pixelData.tag, frames.vr, frames.length, to)]);
      yield* frames.bytes();
      if (behind.length > 0) yield behind;
    })();
  }
  const { offset, length, tag } = pixelData;
  const vr = pixelData.vr === 'UN' || pixelData.vr === '' ? 'OW' : pixelData.vr;
  const before = rewriteElements(head.dataSet, to, new Map([[pixelKey, null]]));
  return (async function* () {
    yield Buffer.concat([before, elementHeader(tag, vr, length + (length % 2), to)]);
    yield* nativePixels(parts, from, { offset, length, vr }, deflated);
    if (length % 2 === 1) yield Buffer.alloc(1);
    if (!deflated) yield await trailing(parts, from, to, offset + length);
  })();
};
