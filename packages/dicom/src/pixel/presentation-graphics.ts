import type { DataSet } from 'dicom-parser';
import { characterSet, DEFAULT_CHARACTER_SET } from '../character-set.ts';
import { decodeText } from '../decode-text.ts';
import { isFor, itemsFor } from './presentation-items.ts';
import type { Graphic, GraphicText, Presentation } from './presentation.ts';

/** Gray of each graphic layer, in the order in which layers are drawn. */
export type GraphicLayers = ReadonlyMap<string, number>;

const WHITE = 255;
/** A state with more is no annotation but an attack, or a mistake: drawing it would take the memory of the thread. */
const MAX_OBJECTS = 2000;
const MAX_POINTS = 50_000;
const MAX_CHARACTERS = 10_000;
const TYPES = ['POINT', 'POLYLINE', 'INTERPOLATED', 'CIRCLE', 'ELLIPSE'] as const;

/** The graphic and text objects for one frame, by layer (PS3.3 C.10.5). */
export function readGraphics(
  state: DataSet,
  image: { readonly SOPInstanceUID: string; readonly frameNumber: number },
  layers: GraphicLayers,
): Pick<Presentation, 'graphics' | 'texts'> {
  const order = [...layers.keys()];
  const annotations = itemsFor(state, 'x00700001')
    .filter((item) => isFor(item, image))
    .map((item) => ({ item, layer: item.string('x00700002')?.trim() ?? '' }))
    .toSorted((a, b) => order.indexOf(a.layer) - order.indexOf(b.layer));
  const gray = (layer: string) => layers.get(layer) ?? WHITE;
  const set = state.string('x00080005');
  const text = (item: DataSet) => textOf(item, set === undefined ? DEFAULT_CHARACTER_SET : characterSet(set));
  return {
    graphics: annotations
      .flatMap(({ item, layer }) =>
        itemsFor(item, 'x00700009').flatMap((graphic) => readGraphic(graphic, gray(layer))),
      )
      .filter(within(MAX_POINTS, ({ points }) => points.length))
      .slice(0, MAX_OBJECTS),
    texts: annotations
      .flatMap(({ item, layer }) =>
        itemsFor(item, 'x00700008').map((object) => readText(object, text(object), gray(layer))),
      )
      .filter(within(MAX_CHARACTERS, ({ lines }) => lines.join('').length))
      .slice(0, MAX_OBJECTS),
  };
}

/** Keeps objects until their budget is used up. */
function within<T>(budget: number, cost: (object: T) => number): (object: T) => boolean {
  let left = budget;
  return (object) => {
    left -= cost(object);
    return left >= 0;
  };
}

const unitsOf = (item: DataSet, tag: string): 'PIXEL' | 'DISPLAY' =>
  item.string(tag)?.trim() === 'DISPLAY' ? 'DISPLAY' : 'PIXEL';

function pointsOf(item: DataSet, tag: string): Graphic['points'] {
  const count = Math.min(MAX_POINTS, Math.floor((item.elements[tag]?.length ?? 0) / 8));
  const points = Array.from(
    { length: count },
    (_, n) => [item.float(tag, 2 * n) ?? NaN, item.float(tag, 2 * n + 1) ?? NaN] as const,
  );
  return points.every(([x, y]) => Number.isFinite(x) && Number.isFinite(y)) ? points : [];
}

function readGraphic(item: DataSet, gray: number): readonly Graphic[] {
  const named = item.string('x00700023')?.trim();
  const type = TYPES.find((known) => known === named);
  const points = pointsOf(item, 'x00700022');
  if (type === undefined || points.length === 0) return [];
  return [
    {
      type,
      points,
      units: unitsOf(item, 'x00700005'),
      filled: item.string('x00700024')?.trim() === 'Y',
      gray,
    },
  ];
}

function textOf(item: DataSet, set: ReturnType<typeof characterSet>): readonly string[] {
  const element = item.elements['x00700006'];
  if (element === undefined) return [];
  const bytes = Buffer.from(item.byteArray.subarray(element.dataOffset, element.dataOffset + element.length));
  return decodeText(bytes, set, 'ST')
    .replace(/[\0 ]+$/, '')
    .split(/\r\n|\n|\r/)
    .slice(0, 50)
    .map((line) => line.slice(0, 200));
}

function readText(item: DataSet, lines: readonly string[], gray: number): GraphicText {
  const corners = [...pointsOf(item, 'x00700010').slice(0, 1), ...pointsOf(item, 'x00700011').slice(0, 1)];
  const justified = item.string('x00700012')?.trim();
  const [point] = pointsOf(item, 'x00700014');
  return {
    lines,
    gray,
    box:
      corners.length < 2
        ? null
        : {
            units: unitsOf(item, 'x00700003'),
            corners,
            justify: justified === 'CENTER' || justified === 'RIGHT' ? justified : 'LEFT',
          },
    anchor:
      point === undefined
        ? null
        : { units: unitsOf(item, 'x00700004'), point, visible: item.string('x00700015')?.trim() !== 'N' },
  };
}
