import type { ImageView } from '@archwire/contracts';
import type { DataSet } from 'dicom-parser';
import type { InstanceHead } from '../instance-head.ts';
import { indexedView } from './indexed-view.ts';
import { photoView } from './photo-view.ts';
import { sequenceCodes } from './sequence-codes.ts';
import { TOOTH_CODES } from './tooth-codes.ts';

export interface ShownView {
  readonly view: ImageView;
  /** ISO 3950 numbers of the teeth that the object names, in its order. */
  readonly teeth: readonly string[];
}

/** A full mouth has 32 teeth, a mixed dentition more; whoever names more than that does not name teeth. */
const MAX_TEETH = 52;

const teethOf = (dataSet: DataSet): readonly string[] => {
  const teeth = sequenceCodes(dataSet, 'x00082228').flatMap((code) => TOOTH_CODES.get(code) ?? []);
  return [...new Set(teeth)].slice(0, MAX_TEETH);
};

const isBothJaws = (teeth: readonly string[]): boolean =>
  teeth.some((tooth) => '1256'.includes(tooth.charAt(0))) &&
  teeth.some((tooth) => '3478'.includes(tooth.charAt(0)));

const words = (dataSet: DataSet): string =>
  ['x00204000', 'x0008103e', 'x00181400', 'x00081032', 'x00420010', 'x00185101']
    .map((tag) => dataSet.string(tag) ?? '')
    .join(' ')
    .slice(0, 1000)
    .toLowerCase();

const radiograph = (dataSet: DataSet, known: ImageView): ImageView => {
  // Positioner Type (0018,1508): what stands in a cephalostat is a cephalogram, whatever the modality says.
  if (known === 'ceph-frontal' || dataSet.string('x00181508')?.trim() !== 'CEPHALOSTAT') return known;
  const [row] = (dataSet.string('x00200020') ?? '').split('\\');
  return row === 'L' || row === 'R' ? 'ceph-frontal' : 'ceph-lateral';
};

const intraoral = (dataSet: DataSet, teeth: readonly string[]): ImageView =>
  /bite ?-?wing|\bbw\d?\b/.test(words(dataSet)) || isBothJaws(teeth) ? 'bitewing' : 'periapical';

const scan = (dataSet: DataSet): ImageView => {
  const text = words(dataSet);
  if (/maxill|upper|oberkiefer|sup[eé]r/.test(text)) return 'scan-upper';
  if (/mandib|lower|unterkiefer|inf[eé]r/.test(text)) return 'scan-lower';
  return 'scan';
};

/**
 * What an object shows, from its whole head: codes, positioner, orientation, teeth. More than `indexedView` can know.
 * @throws AppError `invalid` when the data set is broken.
 */
export const imageView = ({ header, dataSet }: Pick<InstanceHead, 'header' | 'dataSet'>): ShownView => {
  const known = indexedView(header);
  const teeth = teethOf(dataSet);
  switch (known) {
    case 'photo':
      return { view: photoView(dataSet), teeth };
    case 'periapical':
    case 'bitewing':
      return { view: intraoral(dataSet, teeth), teeth };
    case 'radiograph':
    case 'ceph-lateral':
    case 'ceph-frontal':
      return { view: radiograph(dataSet, known), teeth };
    case 'scan':
    case 'scan-upper':
    case 'scan-lower':
      return { view: scan(dataSet), teeth };
    default:
      return { view: known, teeth };
  }
};
