import { crc32 } from 'node:zlib';
import type { InstanceHead } from '../instance-head.ts';
import type { StoredBytes } from '../pixel/stored-bytes.ts';
import { readDataSet } from '../read-data-set.ts';
import { rewriteElements, type NewValue } from '../transcode/rewrite-elements.ts';
import { fitsBitsStored, interleaved } from './frame-samples.ts';
import type { Htj2kGeometry } from './htj2k-geometry.ts';
import type { LeftAlone } from './left-alone.ts';
import { planRecompression, type RecompressionPlan } from './plan-recompression.ts';
import { entryPrefix, type RestoreRecord } from './restore-record.ts';

export const HTJ2K_LOSSLESS_RPCL = '1.2.840.10008.1.2.4.202';

/** The code streams stand between the two, each in an item of its own: see `frameItem`. */
export interface RecompressedParts {
  /** The restore record and the recompressed object to its Basic Offset Table. */
  readonly before: Buffer;
  /** From the delimiter of Pixel Data on. */
  readonly after: Buffer;
  /** Bytes of it all. */
  readonly length: number;
}

export interface RecompressSource {
  /** Holds all bytes before Pixel Data. */
  readonly head: InstanceHead;
  readonly stored: StoredBytes;
  readonly sha256: string;
  /** Encodes the frame, keeps its code stream as a `frameItem`, and answers it. Called in order, one at a time. */
  readonly encode: (samples: Buffer, geometry: Htj2kGeometry) => Promise<Buffer>;
}

const ITEM = Buffer.from([0xfe, 0xff, 0x00, 0xe0]);
const DELIMITER = Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
const PIXEL_DATA = Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x42, 0, 0, 0xff, 0xff, 0xff, 0xff]);
const EXPLICIT = { explicitVr: true, littleEndian: true };
const MAX_TAIL = 16_777_216;

const even = (length: number): number => length + (length % 2);

/** A code stream as an item of encapsulated Pixel Data (PS3.5 A.4): its header, itself, and a byte where its length is odd. */
export const frameItem = (codestream: Buffer): readonly Buffer[] => {
  const header = Buffer.concat([ITEM, Buffer.alloc(4)]);
  header.writeUInt32LE(even(codestream.length), 4);
  return codestream.length % 2 === 0 ? [header, codestream] : [header, codestream, Buffer.alloc(1)];
};

/** Bytes of the original that are others in the recompressed object. */
interface Splice {
  readonly at: number;
  readonly length: number;
  readonly by: Buffer;
}

const uint16 = (value: number): Buffer => Buffer.from([value & 0xff, value >>> 8]);

const metaSplices = (
  bytes: Buffer,
  { transferSyntax: { offset, length }, groupLength }: RecompressionPlan,
): Splice[] => {
  const uid = Buffer.from(`${HTJ2K_LOSSLESS_RPCL}\0`, 'latin1');
  const splices = [{ at: offset - 2, length: length + 2, by: Buffer.concat([uint16(uid.length), uid]) }];
  if (groupLength === null) return splices;
  const by = Buffer.alloc(4);
  by.writeUInt32LE(bytes.readUInt32LE(groupLength) + uid.length - length);
  return [{ at: groupLength, length: 4, by }, ...splices];
};

/** Decoded colours are those that came; the data set must say how they lie in the code stream (PS3.5 8.2.4). */
const COLOR = { PhotometricInterpretation: 'x00280004', PlanarConfiguration: 'x00280006' } as const;
const YBR_RCT = Buffer.from('YBR_RCT ', 'latin1');

const colorChanges = (plan: RecompressionPlan): ReadonlyMap<string, NewValue> =>
  plan.geometry.samplesPerPixel === 1
    ? new Map()
    : new Map([
        [COLOR.PhotometricInterpretation, { vr: 'CS', value: YBR_RCT }],
        [COLOR.PlanarConfiguration, { vr: 'US', value: uint16(0) }],
      ]);

/** In an explicit data set each is a short element: its length and its value are replaced. */
const colorSplices = ({ dataSet }: InstanceHead, plan: RecompressionPlan): Splice[] =>
  [...colorChanges(plan)].flatMap(([key, { value }]) => {
    const element = dataSet.elements[key];
    return element === undefined
      ? []
      : [
          {
            at: element.dataOffset - 2,
            length: element.length + 2,
            by: Buffer.concat([uint16(value.length), value]),
          },
        ];
  });

interface Spliced {
  readonly bytes: Buffer;
  readonly pieces: RestoreRecord['pieces'];
}

/** Replaces parts of `bytes`, and says how to put them back; copies count from `offset`. */
const spliced = (bytes: Buffer, splices: readonly Splice[]): Spliced => {
  const parts: Buffer[] = [];
  const pieces: RestoreRecord['pieces'] = [];
  let from = 0;
  let written = 0;
  const keep = (to: number): void => {
    if (to > from) {
      pieces.push({ copy: written, length: to - from });
      parts.push(bytes.subarray(from, to));
      written += to - from;
    }
    from = to;
  };
  for (const { at, length, by } of splices) {
    keep(at);
    pieces.push({ bytes: bytes.toString('base64', at, at + length) });
    parts.push(by);
    written += by.length;
    from = at + length;
  }
  keep(bytes.length);
  return { bytes: Buffer.concat(parts), pieces };
};

/** The head of the recompressed object, without Pixel Data. An implicit data set must become explicit; its own bytes are kept beside it. */
const recompressedHead = (head: InstanceHead, plan: RecompressionPlan): Spliced => {
  const { dataSetOffset, encoding } = plan.part10;
  const original = head.bytes.subarray(0, plan.pixelHeader);
  if (encoding.explicitVr)
    return spliced(original, [...metaSplices(head.bytes, plan), ...colorSplices(head, plan)]);
  const meta = spliced(original.subarray(0, dataSetOffset), metaSplices(head.bytes, plan));
  const changes = new Map<string, NewValue | null>([...colorChanges(plan), ['x7fe00010', null]]);
  return {
    bytes: Buffer.concat([meta.bytes, rewriteElements(head.dataSet, EXPLICIT, changes)]),
    pieces: [...meta.pieces, { bytes: original.toString('base64', dataSetOffset) }],
  };
};

const offsetTable = (lengths: readonly number[]): Buffer => {
  const table = Buffer.alloc(8 + 4 * lengths.length);
  ITEM.copy(table);
  table.writeUInt32LE(4 * lengths.length, 4);
  let at = 0;
  for (const [index, length] of lengths.entries()) {
    table.writeUInt32LE(at, 8 + 4 * index);
    at += 8 + even(length);
  }
  return table;
};

/**
 * The object with its native pixels as HTJ2K frames, lossless, and what is needed to have its own bytes again (`restoredBytes`):
 * Pixel Data and Transfer Syntax UID are others, in colour also what says how samples lie, in an implicit object the form of the
 * data set; everything else is as it was. Nothing is verified here: restore it and compare before the original goes.
 */
export const recompressInstance = async ({
  head,
  stored,
  sha256,
  encode,
}: RecompressSource): Promise<RecompressedParts | LeftAlone> => {
  const plan = planRecompression(head, stored.length);
  if (typeof plan === 'string') return plan;
  const { geometry, planar, frames, frameBytes, pixelValue, pixelLength, part10 } = plan;
  const end = pixelValue + pixelLength;
  if (stored.length - end > MAX_TAIL) return 'layout';
  const lengths: number[] = [];
  const checks: number[] = [];
  for (let frame = 0; frame < frames; frame++) {
    const native = await stored.read(pixelValue + frame * frameBytes, frameBytes);
    if (!fitsBitsStored(native, geometry)) return 'bits';
    const { samplesPerPixel, bitsAllocated } = geometry;
    const codestream = await encode(
      planar ? interleaved(native, samplesPerPixel, bitsAllocated / 8) : native,
      geometry,
    );
    lengths.push(codestream.length);
    checks.push(crc32(codestream));
  }
  const pixels = lengths.reduce((sum, length) => sum + 8 + even(length), 0);
  if (pixels > 0xffffffff) return 'too-large';

  const start = recompressedHead(head, plan);
  const table = offsetTable(lengths);
  const firstItem = start.bytes.length + PIXEL_DATA.length + table.length;
  const padding = await stored.read(
    pixelValue + frames * frameBytes,
    stored.length - pixelValue - frames * frameBytes,
  );
  const tail = padding.subarray(end - pixelValue - frames * frameBytes);
  const isCopied = part10.encoding.explicitVr;
  const newTail =
    isCopied || tail.length === 0 ? tail : rewriteElements(readDataSet(tail, 0, part10.encoding), EXPLICIT);
  const after = Buffer.concat([DELIMITER, newTail]);
  const tailAt = firstItem + pixels + DELIMITER.length;
  const unpadded = padding.subarray(0, padding.length - (isCopied ? tail.length : 0));
  const pieces: RestoreRecord['pieces'] = [
    ...start.pieces,
    { bytes: head.bytes.toString('base64', plan.pixelHeader, pixelValue) },
    'frames',
    ...(unpadded.length === 0 ? [] : [{ bytes: unpadded.toString('base64') }]),
    ...(isCopied && tail.length > 0 ? [{ copy: tailAt, length: tail.length }] : []),
  ];
  const record: RestoreRecord = {
    version: 1,
    length: stored.length,
    sha256,
    transferSyntaxUid: head.header.TransferSyntaxUID,
    headLength: pixelValue,
    pieces,
    geometry,
    planar,
    firstItem,
    lengths,
    checks,
  };
  const recompressedLength = firstItem + pixels + after.length;
  const before = Buffer.concat([entryPrefix(record, recompressedLength), start.bytes, PIXEL_DATA, table]);
  const length = before.length + pixels + after.length;
  return length < stored.length ? { before, after, length } : 'larger';
};
