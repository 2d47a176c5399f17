import { sct, type CodedConcept } from '../dicom/code.ts';

/** One of the eight standard orthodontic photographs (ADA-1100 keys), with its CP-1570 codes. */
export interface PhotoView {
  readonly key: string;
  readonly description: string;
  readonly scene: 'face' | 'frontal' | 'buccal' | 'occlusal';
  readonly side: 'right' | 'left' | 'none';
  readonly jaw: 'upper' | 'lower' | 'none';
  readonly PatientOrientation: readonly [string, string];
  readonly anatomicRegion: CodedConcept;
  readonly structure: CodedConcept;
  readonly view: CodedConcept;
  readonly viewModifier: CodedConcept | null;
  readonly functionalCondition: CodedConcept | null;
  readonly occlusion: CodedConcept | null;
}

const HEAD = sct('774007', 'Structure of head and/or neck');
const MOUTH = sct('123851003', 'Mouth region');
const FACE = sct('89545001', 'Face');
const CENTRIC_OCCLUSION = sct('110320000', 'Centric occlusion');
const LIPS_RELAXED = sct('1336028006', 'Lips relaxed');
const SMILES = sct('225583004', 'Smiles');
const MOUTH_OPEN = sct('262016004', 'Open mouth');
const CORRECTED = sct('787610003', 'Mirrored intraoral image corrected');
const FRONTAL = sct('399033003', 'Frontal projection');
const OCCLUSAL = sct('260499007', 'Occlusal projection');

const extraoral = (
  key: string,
  description: string,
  side: 'right' | 'none',
  functional: CodedConcept,
): PhotoView => ({
  key,
  description,
  scene: 'face',
  side,
  jaw: 'none',
  PatientOrientation: side === 'right' ? ['A', 'F'] : ['L', 'F'],
  anatomicRegion: HEAD,
  structure: FACE,
  view: side === 'right' ? sct('399198007', 'Right lateral projection') : FRONTAL,
  viewModifier: null,
  functionalCondition: functional,
  occlusion: CENTRIC_OCCLUSION,
});

const occlusal = (key: string, description: string, jaw: 'upper' | 'lower'): PhotoView => ({
  key,
  description,
  scene: 'occlusal',
  side: 'none',
  jaw,
  PatientOrientation: jaw === 'upper' ? ['L', 'P'] : ['R', 'A'],
  anatomicRegion: MOUTH,
  structure:
    jaw === 'upper' ? sct('39481002', 'Maxillary dental arch') : sct('88176008', 'Mandibular dental arch'),
  view: OCCLUSAL,
  viewModifier: CORRECTED,
  functionalCondition: MOUTH_OPEN,
  occlusion: null,
});

const buccal = (key: string, description: string, side: 'right' | 'left'): PhotoView => ({
  key,
  description,
  scene: 'buccal',
  side,
  jaw: 'none',
  PatientOrientation: side === 'right' ? ['A', 'F'] : ['P', 'F'],
  anatomicRegion: MOUTH,
  structure: sct('261063000', 'Buccal space'),
  view:
    side === 'right'
      ? sct('399198007', 'Right lateral projection')
      : sct('399173006', 'Left lateral projection'),
  viewModifier: null,
  functionalCondition: null,
  occlusion: CENTRIC_OCCLUSION,
});

export const PHOTO_VIEWS: readonly PhotoView[] = [
  extraoral('EV01', 'Right profile, lips relaxed', 'right', LIPS_RELAXED),
  extraoral('EV15', 'Full face, lips relaxed', 'none', LIPS_RELAXED),
  extraoral('EV19', 'Full face, smile', 'none', SMILES),
  occlusal('IV25', 'Maxillary occlusal', 'upper'),
  occlusal('IV27', 'Mandibular occlusal', 'lower'),
  buccal('IV01', 'Right buccal, centric occlusion', 'right'),
  {
    key: 'IV07',
    description: 'Frontal, centric occlusion',
    scene: 'frontal',
    side: 'none',
    jaw: 'none',
    PatientOrientation: ['L', 'F'],
    anatomicRegion: MOUTH,
    structure: sct('74262004', 'Oral cavity'),
    view: FRONTAL,
    viewModifier: null,
    functionalCondition: null,
    occlusion: CENTRIC_OCCLUSION,
  },
  buccal('IV18', 'Left buccal, centric occlusion', 'left'),
];
