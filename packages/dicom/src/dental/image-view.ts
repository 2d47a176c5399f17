import type { ImageLaterality, ImageView, ViewOrigin } from '@archwire/contracts';
import type { DataSet } from 'dicom-parser';
import { characterSet } from '../character-set.ts';
import { decodeText } from '../decode-text.ts';
import type { InstanceHead } from '../instance-head.ts';
import { describedView } from './described-view.ts';
import { classView } from './indexed-view.ts';
import type { OrthoViewKey } from './ortho-views.ts';
import { photoView } from './photo-view.ts';
import { sequenceCodes } from './sequence-codes.ts';
import { shownLaterality } from './shown-laterality.ts';
import { bitewingOf, isBothJaws, shownTeeth } from './shown-teeth.ts';

/** What an object says that it shows. */
export interface ShownView {
  readonly view: ImageView;
  /** ISO 3950 numbers of the teeth that the object names, in its order. */
  readonly teeth: readonly string[];
  /** `null`: no side, or none is said. */
  readonly laterality: ImageLaterality | null;
  /** Which of the standard orthodontic photographs it is; `null`: none, or nobody can tell. */
  readonly viewKey: OrthoViewKey | null;
  /** How the view is known. */
  readonly origin: Extract<ViewOrigin, 'codes' | 'class' | 'words'>;
  /** Manufacturer's Model Name (0008,1090), for rules about a device. */
  readonly modelName: string | null;
  /** Protocol Name (0018,1030), for the same. */
  readonly protocolName: string | null;
}

type Read = Pick<ShownView, 'view' | 'origin'> & { readonly viewKey?: OrthoViewKey | null };

const MAX_TEXT = 64;

const MAXILLA = '70925003';
const MANDIBLE = '91609006';
const OCCLUSAL = '260499007';
const FROM_THE_FRONT = ['399348003', '399067008', '399033003'];
const FROM_THE_SIDE = ['399173006', '399198007', '399352003'];
const SKULL = ['89546000', '69536005', '774007', '661005'];

const textOf = (dataSet: DataSet, tag: string): string | null => {
  const element = dataSet.elements[tag];
  if (element === undefined || element.length === 0) return null;
  const bytes = Buffer.from(
    dataSet.byteArray.buffer,
    dataSet.byteArray.byteOffset + element.dataOffset,
    element.length,
  );
  const text = decodeText(bytes, characterSet(dataSet.string('x00080005') ?? ''), 'LO')
    .replaceAll(/\p{Cc}/gu, '')
    .trim();
  return text === '' ? null : text.slice(0, MAX_TEXT).toWellFormed();
};

/** Nearest to the image first: series, protocol, what the step and the processing were called, the study last of all. */
const DESCRIPTIONS = [
  'x0008103e',
  'x00181030',
  'x00400254',
  'x00181400',
  'x00204000',
  'x00420010',
  'x00081030',
];

const described = (dataSet: DataSet): ImageView | undefined => {
  for (const tag of DESCRIPTIONS) {
    const view = describedView(textOf(dataSet, tag));
    if (view !== undefined) return view;
  }
  return undefined;
};

/** A view code with a head, or Positioner Type (0018,1508): what stands in a cephalostat is a cephalogram, whatever it is called. */
const cephalogram = (dataSet: DataSet): ImageView | undefined => {
  const views = sequenceCodes(dataSet, 'x00540220');
  const isHead = sequenceCodes(dataSet, 'x00082218').some((code) => SKULL.includes(code));
  if (isHead && views.some((code) => FROM_THE_FRONT.includes(code))) return 'ceph-frontal';
  if (isHead && views.some((code) => FROM_THE_SIDE.includes(code))) return 'ceph-lateral';
  if (dataSet.string('x00181508')?.trim() !== 'CEPHALOSTAT') return undefined;
  const [row] = (dataSet.string('x00200020') ?? '').split('\\');
  const isFrontal = row === 'L' || row === 'R' || (!row && described(dataSet) === 'ceph-frontal');
  return isFrontal ? 'ceph-frontal' : 'ceph-lateral';
};

const occlusal = (dataSet: DataSet, teeth: readonly string[]): ImageView | undefined => {
  if (!sequenceCodes(dataSet, 'x00540220').includes(OCCLUSAL)) return undefined;
  const regions = sequenceCodes(dataSet, 'x00082218');
  if (isBothJaws(teeth)) return 'occlusal-radiograph';
  const isUpper = regions.includes(MAXILLA) || teeth.some((tooth) => '1256'.includes(tooth.charAt(0)));
  const isLower = regions.includes(MANDIBLE) || teeth.some((tooth) => '3478'.includes(tooth.charAt(0)));
  if (isUpper === isLower) return 'occlusal-radiograph';
  return isUpper ? 'occlusal-radiograph-upper' : 'occlusal-radiograph-lower';
};

const radiograph = (dataSet: DataSet, teeth: readonly string[], known: ImageView): Read => {
  const byCodes =
    known === 'periapical' ? occlusal(dataSet, teeth) : known === 'other' ? undefined : cephalogram(dataSet);
  if (byCodes !== undefined) return { view: byCodes, origin: 'codes' };
  if (known === 'periapical' && isBothJaws(teeth)) return { view: bitewingOf(teeth), origin: 'codes' };
  const byWords = described(dataSet);
  if (byWords === 'bitewing') return { view: bitewingOf(teeth), origin: 'words' };
  if (byWords !== undefined) return { view: byWords, origin: 'words' };
  return { view: known, origin: known === 'periapical' && teeth.length > 0 ? 'codes' : 'class' };
};

const scan = (dataSet: DataSet): Read => {
  const structures = [...sequenceCodes(dataSet, 'x00082228'), ...sequenceCodes(dataSet, 'x00082218')];
  const isUpper = structures.some((code) => code === MAXILLA || code === '39481002');
  const isLower = structures.some((code) => code === MANDIBLE || code === '88176008');
  if (isUpper !== isLower) return { view: isUpper ? 'scan-upper' : 'scan-lower', origin: 'codes' };
  const words = DESCRIPTIONS.map((tag) => textOf(dataSet, tag) ?? '')
    .join(' ')
    .toLowerCase();
  if (/maxill|upper|oberkiefer|sup[eé]r/.test(words)) return { view: 'scan-upper', origin: 'words' };
  if (/mandib|lower|unterkiefer|inf[eé]r/.test(words)) return { view: 'scan-lower', origin: 'words' };
  return { view: 'scan', origin: 'class' };
};

const readView = (
  { header, dataSet }: Pick<InstanceHead, 'header' | 'dataSet'>,
  teeth: readonly string[],
): Read => {
  const { view, open } = classView(header);
  if (view === 'photo') return photoView(dataSet);
  if (view === 'scan') return scan(dataSet);
  return open ? radiograph(dataSet, teeth, view) : { view, origin: 'class' };
};

/**
 * What an object shows, from its whole head: codes, positioner, orientation, teeth; words only where those are silent.
 * More than `indexedView` can know.
 * @throws AppError `invalid` when the data set is broken.
 */
export const imageView = (head: Pick<InstanceHead, 'header' | 'dataSet'>): ShownView => {
  const { dataSet } = head;
  const teeth = shownTeeth(dataSet);
  const { view, origin, viewKey = null } = readView(head, teeth);
  return {
    view,
    teeth,
    laterality: shownLaterality(dataSet, teeth),
    viewKey,
    origin,
    modelName: textOf(dataSet, 'x00081090'),
    protocolName: textOf(dataSet, 'x00181030'),
  };
};
