import { AppError } from '@archwire/contracts/app-error';
import type { InstanceHead } from '../instance-head.ts';
import { assertDecodable } from '../pixel/assert-decodable.ts';
import type { DecodedFrame } from '../pixel/decode-frame.ts';
import { describePixels } from '../pixel/describe-pixels.ts';
import { frameSource } from '../pixel/frame-source.ts';
import type { PixelPool } from '../pixel/pixel-pool.ts';
import type { StoredBytes } from '../pixel/stored-bytes.ts';
import { transferSyntax } from '../transfer-syntax.ts';
import type { NewValue } from './rewrite-elements.ts';

/** Compressed Pixel Data as native frames, with what the data set must say of them. */
export interface DecodedFrames {
  readonly changes: ReadonlyMap<string, NewValue | null>;
  /** Of Pixel Data. */
  readonly vr: 'OB' | 'OW';
  /** Even. */
  readonly length: number;
  bytes(): AsyncGenerator<Buffer, void, undefined>;
}

const MOST = 0xfffffffe;

const short = (value: number): NewValue => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return { vr: 'US', value: bytes };
};
const code = (text: string): NewValue => ({
  vr: 'CS',
  value: Buffer.from(text.length % 2 === 0 ? text : `${text} `, 'latin1'),
});

const bytesOf = ({ samples }: DecodedFrame): Buffer =>
  Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);

/** Decoded samples are never subsampled (PS3.3 C.7.6.3.1.2). */
const interpretationOf = ({ photometricInterpretation }: DecodedFrame): string => {
  if (photometricInterpretation === 'YBR_FULL_422') return 'YBR_FULL';
  if (photometricInterpretation.startsWith('YBR_PARTIAL'))
    throw new AppError(
      'unsupported',
      'YBR_PARTIAL pixels have no exact uncompressed form: let the receiver accept the transfer syntax, and the object goes as it is.',
    );
  return photometricInterpretation;
};

const changesOf = (head: InstanceHead, frame: DecodedFrame): ReadonlyMap<string, NewValue | null> => {
  const isLossy = transferSyntax(head.header.TransferSyntaxUID)?.lossy === true;
  return new Map<string, NewValue | null>([
    ['x00280004', code(interpretationOf(frame))],
    ...(frame.samplesPerPixel > 1 ? [['x00280006', short(0)] as const] : []),
    ['x00280100', short(frame.bitsAllocated)],
    ['x00280102', short(frame.highBit)],
    // Once lossy, always lossy, also where the sender left it to the transfer syntax to say (PS3.3 C.7.6.1.1.5).
    ...(isLossy && head.dataSet.string('x00282110') === undefined
      ? [['x00282110', code('01')] as const]
      : []),
    ['x7fe00001', null],
    ['x7fe00002', null],
    ['x7fe00003', null],
  ]);
};

/**
 * Decodes the first frame, so that what cannot be decoded is known before anything is sent; the others as they are taken, one
 * ahead. @throws AppError `unsupported`, `too-large`, `invalid` as `decodeFrame`; what `stored.read` throws.
 */
export const decodedFrames = async (
  head: InstanceHead,
  stored: StoredBytes,
  decode: PixelPool['decode'],
): Promise<DecodedFrames> => {
  const description = describePixels(head, 1);
  assertDecodable(description);
  if (description.bitsAllocated === 1)
    throw new AppError('unsupported', 'Compressed images of one bit cannot be decoded.');
  const source = frameSource(head, stored);
  const decoded = async (frame: number): Promise<DecodedFrame> =>
    await decode(description, await source.frame(frame));
  const first = await decoded(1);
  const size = bytesOf(first).length;
  const total = size * source.count;
  if (total > MOST) throw new AppError('too-large', 'The object is too large to be sent uncompressed.');

  async function* bytes(): AsyncGenerator<Buffer, void, undefined> {
    let next: Promise<DecodedFrame> | null = Promise.resolve(first);
    for (let frame = 1; next !== null; frame++) {
      const current: Buffer = bytesOf(await next);
      if (current.length !== size) throw new AppError('invalid', 'A frame decodes to another size.');
      next = frame < source.count ? decoded(frame + 1) : null;
      // Whoever stops early does not wait for it.
      next?.catch(() => {});
      yield current;
    }
    if (total % 2 === 1) yield Buffer.alloc(1);
  }
  return {
    changes: changesOf(head, first),
    vr: first.bitsAllocated === 8 ? 'OB' : 'OW',
    length: total + (total % 2),
    bytes,
  };
};
