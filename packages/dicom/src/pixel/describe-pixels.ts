import { AppError } from '@archwire/contracts/app-error';
import type { DataSet } from 'dicom-parser';
import { decimalOf } from './decimal-strings.ts';
import type { FrameHead } from './frame-head.ts';
import type { PixelDescription, Window } from './pixel-description.ts';
import { readLookupTable } from './read-lookup-table.ts';
import { readOverlays } from './read-overlays.ts';
import { readShutter } from './read-shutter.ts';

const PIXEL_DATA = 0x7fe00010;

/**
 * Reads the Image Pixel, Modality LUT, VOI LUT, Overlay Plane and Display Shutter modules for one frame (from 1); functional groups of enhanced objects win
 * over the top level.
 * @throws AppError `invalid` when Rows, Columns or Bits Allocated is missing or zero.
 */
export function describePixels(head: FrameHead, frameNumber: number): PixelDescription {
  const { dataSet } = head;
  const rows = dataSet.uint16('x00280010') ?? 0;
  const columns = dataSet.uint16('x00280011') ?? 0;
  const bitsAllocated = dataSet.uint16('x00280100') ?? 0;
  if (rows === 0 || columns === 0 || bitsAllocated === 0) {
    throw new AppError('invalid', 'Rows, Columns or Bits Allocated is missing or zero.');
  }
  const samplesPerPixel = dataSet.uint16('x00280002') ?? 1;
  const bitsStored = clamp(dataSet.uint16('x00280101') ?? bitsAllocated, 1, bitsAllocated);
  const signed = dataSet.uint16('x00280103') === 1;
  const photometricInterpretation =
    dataSet.string('x00280004') ?? (samplesPerPixel === 3 ? 'RGB' : 'MONOCHROME2');
  const groups = functionalGroups(dataSet, frameNumber);
  return {
    transferSyntaxUid: head.header.TransferSyntaxUID,
    rows,
    columns,
    samplesPerPixel,
    floating: head.pixelData !== null && head.pixelData.tag !== PIXEL_DATA,
    bitsAllocated,
    bitsStored,
    highBit: clamp(dataSet.uint16('x00280102') ?? bitsStored - 1, bitsStored - 1, bitsAllocated - 1),
    signed,
    planar: dataSet.uint16('x00280006') === 1,
    photometricInterpretation,
    palette: photometricInterpretation === 'PALETTE COLOR' ? readPalette(dataSet, signed) : null,
    modality: readModality(dataSet, groups, signed),
    voi: readVoi(dataSet, groups, signed),
    inverted: photometricInterpretation === 'MONOCHROME1' || dataSet.string('x20500020') === 'INVERSE',
    presentationLut: null,
    padding: head.pixelData?.tag === PIXEL_DATA ? readPadding(dataSet, signed) : readFloatPadding(dataSet),
    pixelAspect: readAspect(dataSet, groups),
    iccProfile: samplesPerPixel === 3 ? readIccProfile(dataSet) : null,
    overlays: readOverlays(dataSet, frameNumber, { rows, columns }),
    shutter: readShutter(dataSet, macro(groups, 'x00189472') ?? dataSet),
  };
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/** Items of the per-frame, then of the shared functional groups; the first that holds a macro counts. */
function functionalGroups(dataSet: DataSet, frameNumber: number): readonly DataSet[] {
  const perFrame = dataSet.elements['x52009230']?.items?.[frameNumber - 1]?.dataSet;
  const shared = dataSet.elements['x52009229']?.items?.[0]?.dataSet;
  return [perFrame, shared].filter((item) => item !== undefined);
}

const MAX_PROFILE_BYTES = 4 * 1024 * 1024;

/** Of the image, or of its first optical path (PS3.3 C.11.15, C.8.12.5). */
function readIccProfile(dataSet: DataSet): Uint8Array | null {
  const source = firstItem(dataSet, 'x00480105') ?? dataSet;
  const element = source.elements['x00282000'] ?? dataSet.elements['x00282000'];
  if (element === undefined || element.length < 128 || element.length > MAX_PROFILE_BYTES) return null;
  return Uint8Array.from(dataSet.byteArray.subarray(element.dataOffset, element.dataOffset + element.length));
}

function macro(groups: readonly DataSet[], tag: string): DataSet | undefined {
  return groups.map((group) => firstItem(group, tag)).find((item) => item !== undefined);
}

const firstItem = (dataSet: DataSet, tag: string) => dataSet.elements[tag]?.items?.[0]?.dataSet;

/** Modality LUT module, or the Pixel Value Transformation of the groups. */
export function readModality(
  dataSet: DataSet,
  groups: readonly DataSet[],
  signed: boolean,
): PixelDescription['modality'] {
  const sequence = firstItem(dataSet, 'x00283000');
  const lut = sequence && readLookupTable(sequence, { descriptor: 'x00283002', data: 'x00283006' }, signed);
  if (lut) return { lut };
  const source = macro(groups, 'x00289145') ?? dataSet;
  const slope = decimalOf(source, 'x00281053');
  return {
    slope: slope === undefined || slope === 0 ? 1 : slope,
    intercept: decimalOf(source, 'x00281052') ?? 0,
  };
}

/** The first window, else the first VOI LUT, of the groups or the data set. */
export function readVoi(
  dataSet: DataSet,
  groups: readonly DataSet[],
  signed: boolean,
): PixelDescription['voi'] {
  const source = macro(groups, 'x00289132') ?? dataSet;
  const center = decimalOf(source, 'x00281050');
  const width = decimalOf(source, 'x00281051');
  const kind = windowFunction(source.string('x00281056'));
  if (center !== undefined && width !== undefined && width >= (kind === 'LINEAR' ? 1 : Number.MIN_VALUE)) {
    return { window: { center, width, function: kind } };
  }
  const sequence = firstItem(dataSet, 'x00283010');
  if (sequence === undefined) return null;
  // The first mapped value is in modality units: signed when the stored values are, or when rescale reaches below zero.
  const negative = signed || (decimalOf(dataSet, 'x00281052') ?? 0) < 0;
  const lut = readLookupTable(sequence, { descriptor: 'x00283002', data: 'x00283006' }, negative);
  return lut && { lut };
}

function windowFunction(value: string | undefined): Window['function'] {
  return value === 'SIGMOID' || value === 'LINEAR_EXACT' ? value : 'LINEAR';
}

function readPalette(dataSet: DataSet, signed: boolean): PixelDescription['palette'] {
  const channel = (n: number) =>
    readLookupTable(
      dataSet,
      { descriptor: `x0028110${n}`, data: `x0028120${n}`, segmented: `x0028122${n}` },
      signed,
    );
  const red = channel(1);
  const green = channel(2);
  const blue = channel(3);
  return red && green && blue && { red, green, blue };
}

function readPadding(dataSet: DataSet, signed: boolean): PixelDescription['padding'] {
  const read = (tag: string) => (signed ? dataSet.int16(tag) : dataSet.uint16(tag));
  const value = read('x00280120');
  if (value === undefined) return null;
  const limit = read('x00280121') ?? value;
  return { low: Math.min(value, limit), high: Math.max(value, limit) };
}

function readFloatPadding(dataSet: DataSet): PixelDescription['padding'] {
  const value = dataSet.float('x00280122') ?? dataSet.double('x00280123');
  if (value === undefined) return null;
  const limit = dataSet.float('x00280124') ?? dataSet.double('x00280125') ?? value;
  return { low: Math.min(value, limit), high: Math.max(value, limit) };
}

/** Pixel Aspect Ratio is vertical\horizontal; the spacings are row\column, which is the same order. */
function readAspect(dataSet: DataSet, groups: readonly DataSet[]): number {
  const measures = macro(groups, 'x00289110');
  const candidates: readonly (readonly [DataSet | undefined, string])[] = [
    [dataSet, 'x00280034'],
    [measures, 'x00280030'],
    [dataSet, 'x00280030'],
    [dataSet, 'x00181164'],
  ];
  for (const [source, tag] of candidates) {
    const vertical = source && decimalOf(source, tag, 0);
    const horizontal = source && decimalOf(source, tag, 1);
    if (vertical !== undefined && horizontal !== undefined && vertical > 0 && horizontal > 0) {
      const aspect = vertical / horizontal;
      // Beyond tenfold it is a typing error in the header, not a pixel.
      return aspect >= 0.1 && aspect <= 10 ? aspect : 1;
    }
  }
  return 1;
}
