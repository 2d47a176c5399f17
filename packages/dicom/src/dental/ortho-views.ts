import type { ImageView } from '@archwire/contracts';
import type { OrthoCode } from './ortho-codes.ts';

/** How one of the standard photographs is coded; what is left out is absent in the object. */
export interface OrthoView {
  readonly view: ImageView;
  /** Patient Orientation (0020,0020); any where it is left out. */
  readonly orientation?: string;
  readonly region: OrthoCode;
  readonly regionModifier?: OrthoCode;
  readonly structure: OrthoCode;
  readonly structureModifier?: OrthoCode;
  readonly device?: OrthoCode;
  readonly projection?: OrthoCode;
  readonly viewModifier?: OrthoCode;
  readonly functional?: readonly OrthoCode[];
  readonly finding?: OrthoCode;
  readonly observable?: OrthoCode;
  readonly occlusion?: OrthoCode;
}

/** Centric occlusion and centric relation. */
const CO = 'centric-occlusion';
const CR = 'centric-relation';

const INTRAORAL_RIGHT = {
  view: 'intraoral-right',
  region: 'mouth',
  structure: 'buccal-space',
  structureModifier: 'right',
  projection: 'right-lateral',
} as const;
const INTRAORAL_FRONT = {
  view: 'intraoral-front',
  region: 'mouth',
  structure: 'oral-cavity',
  projection: 'frontal',
} as const;
const INTRAORAL_FRONT_OPEN = {
  view: 'intraoral-front-open',
  region: 'mouth',
  structure: 'oral-cavity',
  projection: 'frontal',
} as const;
const OVERJET_RIGHT = {
  view: 'overjet-right',
  region: 'mouth',
  structure: 'oral-cavity',
  structureModifier: 'right',
  projection: 'right-lateral',
} as const;
const OVERJET_LEFT = {
  view: 'overjet-left',
  region: 'mouth',
  structure: 'oral-cavity',
  structureModifier: 'left',
  projection: 'left-lateral',
} as const;
const INTRAORAL_LEFT = {
  view: 'intraoral-left',
  region: 'mouth',
  structure: 'buccal-space',
  structureModifier: 'left',
  projection: 'left-lateral',
} as const;
const OCCLUSAL_UPPER = {
  view: 'occlusal-upper',
  region: 'mouth',
  structure: 'upper-arch',
  projection: 'occlusal',
} as const;
const OCCLUSAL_LOWER = {
  view: 'occlusal-lower',
  region: 'mouth',
  structure: 'lower-arch',
  projection: 'occlusal',
} as const;
const PHOTO = { view: 'photo', region: 'mouth', structure: 'oral-cavity' } as const;
const FACE_RIGHT = {
  view: 'face-right',
  region: 'head-and-neck',
  regionModifier: 'right',
  structure: 'face',
  projection: 'right-lateral',
} as const;
const FACE_RIGHT_OBLIQUE = {
  view: 'face-right-oblique',
  region: 'head-and-neck',
  regionModifier: 'right',
  structure: 'face',
  projection: '45-degree',
} as const;
const FACE_FRONT = {
  view: 'face-front',
  region: 'head-and-neck',
  structure: 'face',
  projection: 'frontal',
} as const;
const FACE_FRONT_SMILE = {
  view: 'face-front-smile',
  region: 'head-and-neck',
  structure: 'face',
  projection: 'frontal',
} as const;
const FACE_LEFT = {
  view: 'face-left',
  region: 'head-and-neck',
  regionModifier: 'left',
  structure: 'face',
  projection: 'left-lateral',
} as const;
const FACE_LEFT_OBLIQUE = {
  view: 'face-left-oblique',
  region: 'head-and-neck',
  regionModifier: 'left',
  structure: 'face',
  projection: '45-degree',
} as const;

/**
 * The standard orthodontic photographs by their ADA-1100 key, as the DENT-OIP view table (0.2.7) codes them; mended are
 * IV20, which is in
 * centric occlusion as its name says, EV22 to EV25, which lack their lips there, and IV28, which has no view code that its
 * close-up could stand in.
 */
export const ORTHO_VIEWS = {
  IV01: { ...INTRAORAL_RIGHT, orientation: 'A\\F', occlusion: CO },
  IV02: {
    ...INTRAORAL_RIGHT,
    orientation: 'P\\F',
    device: 'mirror',
    viewModifier: 'mirrored-uncorrected',
    occlusion: CO,
  },
  IV03: {
    ...INTRAORAL_RIGHT,
    orientation: 'A\\F',
    device: 'mirror',
    viewModifier: 'mirrored-corrected',
    occlusion: CO,
  },
  IV04: { ...INTRAORAL_RIGHT, orientation: 'A\\F', occlusion: CR },
  IV05: {
    ...INTRAORAL_RIGHT,
    orientation: 'P\\F',
    device: 'mirror',
    viewModifier: 'mirrored-uncorrected',
    occlusion: CR,
  },
  IV06: {
    ...INTRAORAL_RIGHT,
    orientation: 'A\\F',
    device: 'mirror',
    viewModifier: 'mirrored-corrected',
    occlusion: CR,
  },
  IV07: { ...INTRAORAL_FRONT, orientation: 'L\\F', occlusion: CO },
  IV08: { ...INTRAORAL_FRONT, orientation: 'L\\F', occlusion: CR },
  IV09: { ...INTRAORAL_FRONT_OPEN, orientation: 'L\\F', viewModifier: 'teeth-apart' },
  IV10: { ...INTRAORAL_FRONT_OPEN, orientation: 'L\\F', functional: ['mouth-open'] },
  IV11: { ...INTRAORAL_FRONT, orientation: 'L\\F', occlusion: CO },
  IV12: { ...INTRAORAL_FRONT, orientation: 'L\\F', occlusion: CR },
  IV13: { ...INTRAORAL_FRONT, orientation: 'L\\F', observable: 'tongue-thrust', occlusion: CO },
  IV14: { ...OVERJET_RIGHT, orientation: 'A\\F', device: 'ruler', occlusion: CO },
  IV15: { ...OVERJET_RIGHT, orientation: 'A\\F', occlusion: CR },
  IV16: { ...OVERJET_LEFT, orientation: 'P\\F', occlusion: CO },
  IV17: { ...OVERJET_LEFT, orientation: 'P\\F', occlusion: CR },
  IV18: { ...INTRAORAL_LEFT, orientation: 'P\\F', occlusion: CO },
  IV19: {
    ...INTRAORAL_LEFT,
    orientation: 'A\\F',
    device: 'mirror',
    viewModifier: 'mirrored-uncorrected',
    occlusion: CO,
  },
  IV20: {
    ...INTRAORAL_LEFT,
    orientation: 'P\\F',
    device: 'mirror',
    viewModifier: 'mirrored-corrected',
    occlusion: CO,
  },
  IV21: { ...INTRAORAL_LEFT, orientation: 'P\\F', occlusion: CR },
  IV22: {
    ...INTRAORAL_LEFT,
    orientation: 'A\\F',
    device: 'mirror',
    viewModifier: 'mirrored-uncorrected',
    occlusion: CR,
  },
  IV23: {
    ...INTRAORAL_LEFT,
    orientation: 'P\\F',
    device: 'mirror',
    viewModifier: 'mirrored-corrected',
    occlusion: CR,
  },
  IV24: {
    ...OCCLUSAL_UPPER,
    orientation: 'R\\A',
    device: 'mirror',
    viewModifier: 'mirrored-uncorrected',
    functional: ['mouth-open'],
  },
  IV25: {
    ...OCCLUSAL_UPPER,
    orientation: 'L\\P',
    device: 'mirror',
    viewModifier: 'mirrored-corrected',
    functional: ['mouth-open'],
  },
  IV26: {
    ...OCCLUSAL_LOWER,
    orientation: 'L\\P',
    device: 'mirror',
    viewModifier: 'mirrored-uncorrected',
    functional: ['mouth-open'],
  },
  IV27: {
    ...OCCLUSAL_LOWER,
    orientation: 'L\\A',
    device: 'mirror',
    viewModifier: 'mirrored-corrected',
    functional: ['mouth-open'],
  },
  IV28: { ...PHOTO, finding: 'gingival-recession' },
  IV29: {
    view: 'photo',
    orientation: 'L\\F',
    region: 'mouth',
    structure: 'frenum',
    projection: 'frontal',
    viewModifier: 'close-up',
  },
  IV30: { ...PHOTO, device: 'periodontal-probe', functional: ['mouth-open'] },
  EV01: { ...FACE_RIGHT, orientation: 'A\\F', functional: ['lips-relaxed'], occlusion: CO },
  EV02: { ...FACE_RIGHT, orientation: 'A\\F', functional: ['lips-relaxed'], occlusion: CR },
  EV03: { ...FACE_RIGHT, orientation: 'A\\F', functional: ['lips-closed'], occlusion: CO },
  EV04: { ...FACE_RIGHT, orientation: 'A\\F', functional: ['lips-closed'], occlusion: CR },
  EV05: { ...FACE_RIGHT, orientation: 'A\\F', functional: ['smile'], occlusion: CO },
  EV06: { ...FACE_RIGHT, orientation: 'A\\F', functional: ['smile'], occlusion: CR },
  EV07: { ...FACE_RIGHT, orientation: 'A\\F', functional: ['mandible-forward'] },
  EV08: { ...FACE_RIGHT_OBLIQUE, orientation: 'A\\F', functional: ['lips-relaxed'], occlusion: CO },
  EV09: { ...FACE_RIGHT_OBLIQUE, orientation: 'A\\F', functional: ['lips-relaxed'], occlusion: CR },
  EV10: { ...FACE_RIGHT_OBLIQUE, orientation: 'A\\F', functional: ['lips-closed'], occlusion: CO },
  EV11: { ...FACE_RIGHT_OBLIQUE, orientation: 'A\\F', functional: ['lips-closed'], occlusion: CR },
  EV12: { ...FACE_RIGHT_OBLIQUE, orientation: 'A\\F', functional: ['smile'], occlusion: CO },
  EV13: { ...FACE_RIGHT_OBLIQUE, orientation: 'A\\F', functional: ['smile'], occlusion: CR },
  EV14: { ...FACE_RIGHT_OBLIQUE, orientation: 'A\\F', functional: ['mandible-forward'] },
  EV15: { ...FACE_FRONT, orientation: 'L\\F', functional: ['lips-relaxed'], occlusion: CO },
  EV16: { ...FACE_FRONT, orientation: 'L\\F', functional: ['lips-relaxed'], occlusion: CR },
  EV17: { ...FACE_FRONT, orientation: 'L\\F', functional: ['lips-closed'], occlusion: CO },
  EV18: { ...FACE_FRONT, orientation: 'L\\F', functional: ['lips-closed'], occlusion: CR },
  EV19: { ...FACE_FRONT_SMILE, orientation: 'L\\F', functional: ['smile'], occlusion: CO },
  EV20: { ...FACE_FRONT_SMILE, orientation: 'L\\F', functional: ['smile'], occlusion: CR },
  EV21: { ...FACE_FRONT, orientation: 'L\\F', functional: ['mandible-forward'] },
  EV22: { ...FACE_LEFT, orientation: 'P\\F', functional: ['lips-relaxed'], occlusion: CO },
  EV23: { ...FACE_LEFT, orientation: 'P\\F', functional: ['lips-relaxed'], occlusion: CR },
  EV24: { ...FACE_LEFT, orientation: 'P\\F', functional: ['lips-closed'], occlusion: CO },
  EV25: { ...FACE_LEFT, orientation: 'P\\F', functional: ['lips-closed'], occlusion: CR },
  EV26: { ...FACE_LEFT, orientation: 'P\\F', functional: ['smile'], occlusion: CO },
  EV27: { ...FACE_LEFT, orientation: 'P\\F', functional: ['smile'], occlusion: CR },
  EV28: { ...FACE_LEFT, orientation: 'P\\F', functional: ['mandible-forward'] },
  EV29: { ...FACE_LEFT_OBLIQUE, orientation: 'P\\F', functional: ['lips-relaxed'], occlusion: CO },
  EV30: { ...FACE_LEFT_OBLIQUE, orientation: 'P\\F', functional: ['lips-relaxed'], occlusion: CR },
  EV31: { ...FACE_LEFT_OBLIQUE, orientation: 'P\\F', functional: ['lips-closed'], occlusion: CO },
  EV32: { ...FACE_LEFT_OBLIQUE, orientation: 'P\\F', functional: ['lips-closed'], occlusion: CR },
  EV33: { ...FACE_LEFT_OBLIQUE, orientation: 'P\\F', functional: ['smile'], occlusion: CO },
  EV34: { ...FACE_LEFT_OBLIQUE, orientation: 'P\\F', functional: ['smile'], occlusion: CR },
  EV35: { ...FACE_LEFT_OBLIQUE, orientation: 'P\\F', functional: ['smile', 'mandible-forward'] },
  EV36: {
    view: 'photo',
    orientation: 'L\\F',
    region: 'head-and-neck',
    structure: 'face',
    projection: 'submentovertical',
    occlusion: CR,
  },
  EV37: {
    view: 'photo',
    orientation: 'L\\F',
    region: 'head-and-neck',
    structure: 'face',
    projection: 'vertex',
    occlusion: CR,
  },
  EV38: {
    view: 'smile',
    orientation: 'L\\F',
    region: 'head-and-neck',
    structure: 'face',
    projection: 'frontal',
    viewModifier: 'close-up',
    functional: ['smile'],
    occlusion: CR,
  },
  EV39: {
    view: 'photo',
    orientation: 'L\\F',
    region: 'head-and-neck',
    structure: 'face',
    device: 'tongue-blade',
    projection: 'frontal',
    functional: ['lips-relaxed'],
    finding: 'occlusal-cant',
  },
  EV40: { view: 'photo', orientation: 'L\\F', region: 'head-and-neck', structure: 'face' },
  EV41: {
    view: 'photo',
    orientation: 'P\\F',
    region: 'head-and-neck',
    structure: 'face',
    projection: 'left-lateral',
  },
  EV42: { ...FACE_FRONT, orientation: 'L\\F', functional: ['mouth-open'] },
  EV43: { ...FACE_FRONT, orientation: 'L\\F', observable: 'bells-palsy' },
} as const satisfies Record<string, OrthoView>;

/** An ADA-1100 key: `IV01` to `IV30` in the mouth, `EV01` to `EV43` outside it. */
export type OrthoViewKey = keyof typeof ORTHO_VIEWS;
