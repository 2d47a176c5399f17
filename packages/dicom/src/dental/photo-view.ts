import type { ImageView } from '@archwire/contracts';
import type { DataSet } from 'dicom-parser';
import { orthoViewKey, writtenViewKey } from './ortho-view-key.ts';
import { ORTHO_VIEWS, type OrthoViewKey } from './ortho-views.ts';
import { sequenceCodes, sequenceItems } from './sequence-codes.ts';

/** SNOMED CT codes of CP-1570 (CID 4061 to 4066), as far as they decide what a photograph shows. */
const FACE = ['89545001'];
const MOUTH = ['74262004', '261063000', '123851003', '39481002', '88176008'];
const UPPER_ARCH = ['39481002'];
const LOWER_ARCH = ['88176008'];
const BUCCAL = ['261063000'];
const FRONTAL = ['399033003'];
const RIGHT = ['399198007'];
const LEFT = ['399173006'];
const RIGHT_OBLIQUE = ['260424009'];
const LEFT_OBLIQUE = ['260421001'];
const OBLIQUE = ['260454004', '399182000', '260427002'];
const CLOSE_UP = ['789131009'];
const SMILES = ['225583004'];

const FUNCTIONAL_CONDITION = ['130325', 'ZZZZZZ'];

const has = (codes: readonly string[], wanted: readonly string[]): boolean =>
  codes.some((code) => wanted.includes(code));

/** Patient Orientation (0020,0020): a row towards anterior shows the face looking to the observer's right. */
const sideOf = (dataSet: DataSet): 'right' | 'left' | undefined => {
  const [row] = (dataSet.string('x00200020') ?? '').split('\\');
  return row === 'A' ? 'right' : row === 'P' ? 'left' : undefined;
};

const functionalCodes = (dataSet: DataSet): readonly string[] =>
  sequenceItems(dataSet, 'x00400555')
    .filter((item) => has(sequenceCodes(item, 'x0040a043'), FUNCTIONAL_CONDITION))
    .flatMap((item) => [...sequenceCodes(item, 'x0040a168')]);

const coded = (dataSet: DataSet): ImageView | undefined => {
  const views = sequenceCodes(dataSet, 'x00540220');
  const structures = sequenceCodes(dataSet, 'x00082228');
  const places = [...structures, ...sequenceCodes(dataSet, 'x00082218')];
  const modifiers = sequenceItems(dataSet, 'x00540220').flatMap((item) => [
    ...sequenceCodes(item, 'x00540222'),
  ]);
  if (has(structures, UPPER_ARCH)) return 'occlusal-upper';
  if (has(structures, LOWER_ARCH)) return 'occlusal-lower';
  const isFace = has(structures, FACE) || (has(places, FACE) && !has(structures, MOUTH));
  if (isFace) {
    const smiles = has(functionalCodes(dataSet), SMILES);
    if (has(modifiers, CLOSE_UP) && smiles) return 'smile';
    if (has(views, FRONTAL)) return smiles ? 'face-front-smile' : 'face-front';
    if (has(views, RIGHT)) return 'face-right';
    if (has(views, LEFT)) return 'face-left';
    if (has(views, RIGHT_OBLIQUE)) return 'face-right-oblique';
    if (has(views, LEFT_OBLIQUE)) return 'face-left-oblique';
    const side = sideOf(dataSet);
    return has(views, OBLIQUE) && side !== undefined ? `face-${side}-oblique` : undefined;
  }
  if (!has(places, MOUTH) && !has(structures, BUCCAL)) return undefined;
  if (has(views, FRONTAL)) return 'intraoral-front';
  if (has(views, RIGHT)) return 'intraoral-right';
  if (has(views, LEFT)) return 'intraoral-left';
  return undefined;
};

const textOf = (dataSet: DataSet): string =>
  ['x00204000', 'x0008103e', 'x00081030']
    .map((tag) => dataSet.string(tag) ?? '')
    .join(' ')
    .slice(0, 1000);

/** What a photograph shows, and which of the standard ones it is. */
export interface ReadPhoto {
  readonly view: ImageView;
  readonly viewKey: OrthoViewKey | null;
  readonly origin: 'codes' | 'words' | 'class';
}

/**
 * Which of the standard orthodontic photographs this is (ADA-1100, encoded as CP-1570 says): by its codes, else by an
 * ADA-1100 key in its words, else just a photograph. A key in words that contradicts the codes is not believed.
 */
export const photoView = (dataSet: DataSet): ReadPhoto => {
  const exact = orthoViewKey(dataSet);
  if (exact !== undefined) return { view: ORTHO_VIEWS[exact].view, viewKey: exact, origin: 'codes' };
  const written = writtenViewKey(textOf(dataSet));
  const view = coded(dataSet);
  if (view === undefined)
    return written === undefined
      ? { view: 'photo', viewKey: null, origin: 'class' }
      : { view: ORTHO_VIEWS[written].view, viewKey: written, origin: 'words' };
  return {
    view,
    viewKey: written !== undefined && ORTHO_VIEWS[written].view === view ? written : null,
    origin: 'codes',
  };
};
