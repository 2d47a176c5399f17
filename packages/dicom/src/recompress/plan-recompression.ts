import { AppError } from '@archwire/contracts/app-error';
import type { InstanceHead } from '../instance-head.ts';
import { describePixels } from '../pixel/describe-pixels.ts';
import { readElement, type ElementHeader } from '../read-element.ts';
import { readPart10, type Part10 } from '../read-part10.ts';
import { transferSyntax } from '../transfer-syntax.ts';
import { isEncodable, type Htj2kGeometry } from './htj2k-geometry.ts';
import type { LeftAlone } from './left-alone.ts';

/** How an object of native pixels is taken apart. Offsets are bytes of the original. */
export interface RecompressionPlan {
  readonly part10: Part10;
  readonly geometry: Htj2kGeometry;
  /** All of one colour, then all of the next. */
  readonly planar: boolean;
  readonly frames: number;
  readonly frameBytes: number;
  /** The first byte of the header of Pixel Data, and of its value. */
  readonly pixelHeader: number;
  readonly pixelValue: number;
  /** Bytes of the value; what is beyond the frames is padding. */
  readonly pixelLength: number;
  /** Values of group 2: where the Transfer Syntax UID and the group length stand. */
  readonly transferSyntax: { readonly offset: number; readonly length: number };
  readonly groupLength: number | null;
}

const IMPLICIT = '1.2.840.10008.1.2';
const EXPLICIT = '1.2.840.10008.1.2.1';
const PIXEL_DATA = 0x7fe00010;
/** More than a writer's padding: something else stands behind the frames. */
const MAX_PADDING = 65_536;
/** What the items of encapsulated Pixel Data can be counted in. */
const MAX_PIXELS = 0xffffffff;

const metaElements = (
  bytes: Buffer,
  { metaOffset, dataSetOffset }: Part10,
): ReadonlyMap<number, ElementHeader> => {
  const found = new Map<number, ElementHeader>();
  for (let at = metaOffset; at < dataSetOffset;) {
    const header: ElementHeader = { tag: 0, vr: '', length: 0, offset: 0 };
    readElement(bytes, at, dataSetOffset, { explicitVr: true, littleEndian: true }, header);
    found.set(header.tag, header);
    at = header.offset + header.length;
  }
  return found;
};

const geometryOf = (head: InstanceHead): { geometry: Htj2kGeometry; planar: boolean } | LeftAlone => {
  const { samplesPerPixel, highBit, bitsStored, photometricInterpretation, planar, ...pixels } =
    describePixels(head, 1);
  const { rows, columns, bitsAllocated, signed } = pixels;
  const geometry = { rows, columns, samplesPerPixel, bitsAllocated, bitsStored, signed };
  if (samplesPerPixel !== 1 && photometricInterpretation !== 'RGB') return 'color';
  if (highBit !== bitsStored - 1 || !isEncodable(geometry)) return 'bits';
  return { geometry, planar: planar && samplesPerPixel > 1 };
};

const plan = (head: InstanceHead, totalLength: number): RecompressionPlan | LeftAlone => {
  const { pixelData, bytes, header, dataSet } = head;
  if (pixelData === null) return 'no-pixels';
  const { TransferSyntaxUID } = header;
  if (pixelData.length === undefined || transferSyntax(TransferSyntaxUID)?.encapsulated !== false)
    return 'compressed';
  if (dataSet.string('x00282110')?.trim() === '01') return 'lossy';
  if (TransferSyntaxUID !== IMPLICIT && TransferSyntaxUID !== EXPLICIT) return 'encoding';
  const part10 = readPart10(bytes, TransferSyntaxUID);
  // Some writers say one encoding and use another.
  const { explicitVr, littleEndian } = part10.encoding;
  if (!littleEndian || explicitVr !== (TransferSyntaxUID === EXPLICIT)) return 'encoding';
  const meta = metaElements(bytes, part10);
  const syntax = meta.get(0x00020010);
  const groupLength = meta.get(0x00020000);
  const headerBytes = explicitVr ? 12 : 8;
  const pixelHeader = pixelData.offset - headerBytes;
  const isPlain =
    part10.metaOffset > 0 &&
    syntax !== undefined &&
    (groupLength === undefined || groupLength.length === 4) &&
    pixelData.tag === PIXEL_DATA &&
    bytes.readUInt32LE(pixelHeader) === 0x00107fe0 &&
    (!explicitVr || ['OB', 'OW'].includes(pixelData.vr)) &&
    // Group lengths (retired) would no longer be true.
    dataSet.elements['x00280000'] === undefined &&
    dataSet.elements['x7fe00000'] === undefined;
  if (!isPlain) return 'layout';
  const pixels = geometryOf(head);
  if (typeof pixels === 'string') return pixels;
  const { rows, columns, samplesPerPixel, bitsAllocated } = pixels.geometry;
  const frames = header.NumberOfFrames ?? 1;
  const frameBytes = rows * columns * samplesPerPixel * (bitsAllocated / 8);
  const padding = pixelData.length - frames * frameBytes;
  if (padding < 0 || padding > MAX_PADDING || pixelData.offset + pixelData.length > totalLength)
    return 'layout';
  if (pixelData.length > MAX_PIXELS) return 'too-large';
  return {
    part10,
    ...pixels,
    frames,
    frameBytes,
    pixelHeader,
    pixelValue: pixelData.offset,
    pixelLength: pixelData.length,
    transferSyntax: { offset: syntax.offset, length: syntax.length },
    groupLength: groupLength?.offset ?? null,
  };
};

/**
 * Whether an object can be recompressed so that it can be put back byte for byte, and where its parts are. `head` holds the bytes
 * from the first to the header of Pixel Data at least; `totalLength` is of the whole object.
 */
export const planRecompression = (head: InstanceHead, totalLength: number): RecompressionPlan | LeftAlone => {
  try {
    return plan(head, totalLength);
  } catch (error) {
    if (error instanceof AppError) return 'unreadable';
    throw error;
  }
};
