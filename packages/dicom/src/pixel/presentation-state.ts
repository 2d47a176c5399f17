import type { DataSet } from 'dicom-parser';
import { AppError } from '@archwire/contracts/app-error';
import { decimalOf } from './decimal-strings.ts';
import { describePixels, readModality, readVoi } from './describe-pixels.ts';
import type { FrameHead } from './frame-head.ts';
import type { Overlay, PixelDescription, Shutter, Window } from './pixel-description.ts';
import { itemFor, itemsFor } from './presentation-items.ts';
import { readGraphics, type GraphicLayers } from './presentation-graphics.ts';
import type { Presentation } from './presentation.ts';
import { readLookupTable } from './read-lookup-table.ts';
import { readOverlay } from './read-overlays.ts';
import { readShutter, shutterGray } from './read-shutter.ts';

/** Softcopy Presentation States that `applyPresentation` understands: grayscale and colour. */
export const PRESENTATION_STATES: ReadonlySet<string> = new Set([
  '1.2.840.10008.5.1.4.1.1.11.1',
  '1.2.840.10008.5.1.4.1.1.11.2',
]);

/** Frames and overlays are told apart by what the state says of one of them. */
export interface PresentedFrame {
  readonly description: PixelDescription;
  readonly presentation: Presentation;
}

/**
 * One frame (from 1) as a presentation state wants it seen: `state` is its data set, `head` the image's. Gray levels come from
 * the state alone (PS3.4 N.2): what it leaves out is identity, whatever the image says.
 * @throws AppError `invalid` when the image has no usable shape.
 */
export function applyPresentation(state: DataSet, head: FrameHead, frameNumber: number): PresentedFrame {
  const own = describePixels(head, frameNumber);
  const image = { SOPInstanceUID: head.header.SOPInstanceUID, frameNumber };
  const layers = readLayers(state);
  const gray = own.samplesPerPixel === 1 && own.photometricInterpretation !== 'PALETTE COLOR';
  const area = readArea(state, image, own);
  return {
    description: {
      ...own,
      ...(gray ? grayLevels(state, image, own) : {}),
      pixelAspect: area.pixelAspect,
      overlays: activated(state, head.dataSet, frameNumber, own, layers),
      shutter: readStateShutter(state, own),
    },
    presentation: {
      area: area.area,
      rotation: rotationOf(state),
      flipped: state.string('x00700041')?.trim() === 'Y',
      magnification: area.magnification,
      ...readGraphics(state, image, layers),
    },
  };
}

interface ReferencedImage {
  readonly SOPInstanceUID: string;
  readonly frameNumber: number;
}

function grayLevels(
  state: DataSet,
  image: ReferencedImage,
  own: PixelDescription,
): Pick<PixelDescription, 'modality' | 'voi' | 'inverted' | 'presentationLut' | 'padding'> {
  const modality = readModality(state, [], own.signed);
  const item = itemFor(state, 'x00283110', image);
  const voi = item === undefined ? null : readVoi(item, [], isNegative(modality, own));
  const sequence = state.elements['x20500010']?.items?.[0]?.dataSet;
  const lut = sequence && readLookupTable(sequence, { descriptor: 'x00283002', data: 'x00283006' }, false);
  return {
    modality,
    voi: voi ?? { window: wholeRange(modality, own) },
    inverted: lut === undefined && state.string('x20500020')?.trim() === 'INVERSE',
    presentationLut: lut ?? null,
    padding: null,
  };
}

const isNegative = (modality: PixelDescription['modality'], own: PixelDescription): boolean =>
  'lut' in modality ? false : own.signed || modality.intercept < 0 || modality.slope < 0;

/** No VOI is identity: all values that the modality transformation can give, from the first to the last. */
function wholeRange(
  modality: PixelDescription['modality'],
  { bitsStored, signed }: PixelDescription,
): Window {
  const low = signed ? -(2 ** (bitsStored - 1)) : 0;
  const high = low + 2 ** bitsStored - 1;
  const ends =
    'lut' in modality
      ? [0, 2 ** modality.lut.bits - 1]
      : [low, high].map((value) => value * modality.slope + modality.intercept);
  const [from, to] = [Math.min(...ends), Math.max(...ends)];
  return { center: (from + to) / 2, width: Math.max(1, to - from), function: 'LINEAR_EXACT' };
}

/** Gray of each graphic layer: a P-Value of 16 bits; white when nothing is recommended. In the order in which they are drawn. */
function readLayers(state: DataSet): GraphicLayers {
  const items = (state.elements['x00700060']?.items ?? []).flatMap(({ dataSet }) => {
    const name = dataSet?.string('x00700002')?.trim();
    return dataSet === undefined || name === undefined ? [] : [{ name, dataSet }];
  });
  return new Map(
    items
      .toSorted((a, b) => (decimalOf(a.dataSet, 'x00700062') ?? 0) - (decimalOf(b.dataSet, 'x00700062') ?? 0))
      .map(({ name, dataSet }) => [name, Math.round((dataSet.uint16('x00700066') ?? 65_535) / 257)]),
  );
}

const GROUPS = Array.from({ length: 16 }, (_, i) => (0x6000 + 2 * i).toString(16));

/** Overlays of the state or of the image that an Overlay Activation Layer (60xx,1001) brings into a layer. */
function activated(
  state: DataSet,
  image: DataSet,
  frameNumber: number,
  size: { readonly rows: number; readonly columns: number },
  layers: GraphicLayers,
): readonly Overlay[] {
  return GROUPS.flatMap((group) => {
    const layer = state.string(`x${group}1001`)?.trim();
    if (layer === undefined || layer === '') return [];
    const source = state.elements[`x${group}3000`] === undefined ? image : state;
    const overlay = readOverlay(source, group, frameNumber, size);
    return overlay === undefined ? [] : [{ ...overlay, gray: layers.get(layer) ?? 255 }];
  });
}

function readStateShutter(
  state: DataSet,
  size: { readonly rows: number; readonly columns: number },
): Shutter | null {
  const shapes = readShutter(state, state);
  if (!(state.string('x00181600') ?? '').includes('BITMAP')) return shapes;
  const group = state.uint16('x00181623')?.toString(16);
  const bitmap = group === undefined ? undefined : readOverlay(state, group, 1, size);
  if (bitmap === undefined) return shapes;
  return {
    ...(shapes ?? { rectangle: null, circle: null, polygon: null, gray: shutterGray(state) }),
    bitmap,
  };
}

function rotationOf(state: DataSet): Presentation['rotation'] {
  const degrees = state.uint16('x00700042') ?? 0;
  return degrees === 90 || degrees === 180 || degrees === 270 ? degrees : 0;
}

function readArea(
  state: DataSet,
  image: ReferencedImage,
  own: PixelDescription,
): Pick<Presentation, 'area' | 'magnification'> & { readonly pixelAspect: number } {
  const item = itemFor(state, 'x0070005a', image);
  const corner = (tag: string, n: number) => item?.int32(tag, n);
  const [x1 = 1, y1 = 1] = [corner('x00700052', 0), corner('x00700052', 1)];
  const [x2 = own.columns, y2 = own.rows] = [corner('x00700053', 0), corner('x00700053', 1)];
  const ratio = item?.float('x00700103') ?? 1;
  return {
    // The corners are those of the picture after it was turned.
    area: {
      left: Math.min(x1, x2) - 1,
      right: Math.max(x1, x2) - 1,
      top: Math.min(y1, y2) - 1,
      bottom: Math.max(y1, y2) - 1,
    },
    magnification: item?.string('x00700100')?.trim() === 'MAGNIFY' && ratio > 0 ? ratio : 1,
    pixelAspect: (item && aspectOf(item)) ?? own.pixelAspect,
  };
}

/** Presentation Pixel Spacing is row\column, Presentation Pixel Aspect Ratio vertical\horizontal: the same order. */
function aspectOf(item: DataSet): number | undefined {
  for (const tag of ['x00700101', 'x00700102']) {
    const vertical = decimalOf(item, tag, 0);
    const horizontal = decimalOf(item, tag, 1);
    if (vertical !== undefined && horizontal !== undefined && vertical > 0 && horizontal > 0) {
      const aspect = vertical / horizontal;
      return aspect >= 0.1 && aspect <= 10 ? aspect : 1;
    }
  }
  return undefined;
}

/** An image that a presentation state is for. */
export interface PresentedImage {
  readonly SeriesInstanceUID: string;
  readonly SOPInstanceUID: string;
  /** `null`: all. */
  readonly frames: readonly number[] | null;
}

/** The images that a presentation state is for, in its order. @throws AppError `invalid` when it names none. */
export function presentedImages(state: DataSet): readonly [PresentedImage, ...PresentedImage[]] {
  const [first, ...rest] = itemsFor(state, 'x00081115').flatMap((series) =>
    itemsFor(series, 'x00081140').flatMap((image) => {
      const uid = image.string('x00081155')?.trim();
      const frames = (image.string('x00081160') ?? '')
        .split('\\')
        .map(Number)
        .filter((n) => n >= 1);
      return uid === undefined
        ? []
        : [
            {
              SeriesInstanceUID: series.string('x0020000e')?.trim() ?? '',
              SOPInstanceUID: uid,
              frames: frames.length === 0 ? null : frames,
            },
          ];
    }),
  );
  if (first === undefined)
    throw new AppError('invalid', 'The presentation state does not say which images it is for.');
  return [first, ...rest];
}
