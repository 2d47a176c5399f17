import type { ImageView, TreatmentEvent } from '@archwire/contracts';
import { ORTHO_CODES, type OrthoCode } from '../dental/ortho-codes.ts';
import { ORTHO_VIEWS, type OrthoView } from '../dental/ortho-views.ts';
import { toothStructure } from '../dental/tooth-structure.ts';
import type { NaturalDataSet } from '../natural-data-set.ts';
import { recordModules, type RecordStudy } from '../record-modules.ts';
import { writeRecordObject } from '../write-record-object.ts';
import { photoKey, photoNumber } from './photo-key.ts';
import type { Photograph } from './read-photograph.ts';

export interface PhotographInfo {
  readonly SOPInstanceUID: string;
  readonly study: RecordStudy;
  readonly view: ImageView;
  /** ISO 3950 numbers of the teeth that it is about. */
  readonly teeth: readonly string[];
  /** The pixels are as the mirror showed them. */
  readonly isMirrored: boolean;
  readonly event: TreatmentEvent | null;
}

/** VL Photographic Image Storage. */
const SOP_CLASS = '1.2.840.10008.5.1.4.1.1.77.1.4';
const PIXEL_DATA = 0x7fe00010;
const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';

const code = (CodeValue: string, CodingSchemeDesignator: string, CodeMeaning: string): NaturalDataSet => ({
  CodeValue,
  CodingSchemeDesignator,
  CodeMeaning,
});
const STARTED = code('1332161000', 'SCT', 'Orthodontic treatment started');
const STOPPED = code('1340210007', 'SCT', 'Orthodontic treatment stopped');
const REGISTRATION = code('184047000', 'SCT', 'Patient registration');
/** Offsets in days are written only where they are known: the day of the event itself. */
const EVENTS: Readonly<Record<TreatmentEvent, readonly [NaturalDataSet, isThatDay: boolean]>> = {
  pretreatment: [REGISTRATION, false],
  initial: [STARTED, true],
  progress: [STARTED, false],
  final: [STOPPED, true],
  retention: [STOPPED, false],
};

const coded = (name: NaturalDataSet, value: NaturalDataSet): NaturalDataSet => ({
  ValueType: 'CODE',
  ConceptNameCodeSequence: [name],
  ConceptCodeSequence: [value],
});
const items = (word: OrthoCode | undefined): readonly NaturalDataSet[] | undefined =>
  word === undefined ? undefined : [{ ...ORTHO_CODES[word] }];

/** TID 3465. */
const contextOf = (shown: OrthoView | undefined, event: TreatmentEvent | null): readonly NaturalDataSet[] => {
  const words = (
    name: NaturalDataSet,
    codes: readonly (OrthoCode | undefined)[],
  ): readonly NaturalDataSet[] =>
    codes.flatMap((word) => (items(word) ?? []).map((value) => coded(name, value)));
  const ofView = [
    ...words(code('130325', 'DCM', 'Orthognathic Functional Condition'), shown?.functional ?? []),
    ...words(code('118243007', 'SCT', 'Finding by inspection'), [shown?.finding]),
    ...words(code('363787002', 'SCT', 'Observable entity'), [shown?.observable]),
    ...words(code('25272006', 'SCT', 'Dental occlusion'), [shown?.occlusion]),
  ];
  if (event === null) return ofView;
  const [type, isThatDay] = EVENTS[event];
  const offset: NaturalDataSet = {
    ValueType: 'NUMERIC',
    ConceptNameCodeSequence: [code('128740', 'DCM', 'Longitudinal Temporal Offset from Event')],
    NumericValue: '0',
    MeasurementUnitsCodeSequence: [code('d', 'UCUM', 'days')],
  };
  return [
    ...ofView,
    coded(code('128741', 'DCM', 'Longitudinal Temporal Event Type'), type),
    ...(isThatDay ? [offset] : []),
  ];
};

const sideOf = (view: ImageView): 'R' | 'L' | 'U' =>
  /-right\b/.test(view) ? 'R' : /-left\b/.test(view) ? 'L' : 'U';

const anatomy = ({ view, isMirrored, teeth }: PhotographInfo): NaturalDataSet => {
  const structures = teeth.map(toothStructure).filter((tooth) => tooth !== undefined);
  const key = photoKey(view, isMirrored);
  if (key === undefined) {
    const ofTeeth = {
      AnatomicRegionSequence: items('mouth'),
      PrimaryAnatomicStructureSequence: structures,
    };
    return { PatientOrientation: '', ImageLaterality: 'U', ...(structures.length === 0 ? {} : ofTeeth) };
  }
  const shown: OrthoView = ORTHO_VIEWS[key];
  return {
    PatientOrientation: shown.orientation?.split('\\') ?? '',
    ImageLaterality: sideOf(view),
    AnatomicRegionSequence: [
      { ...ORTHO_CODES[shown.region], AnatomicRegionModifierSequence: items(shown.regionModifier) },
    ],
    PrimaryAnatomicStructureSequence: [
      {
        ...ORTHO_CODES[shown.structure],
        PrimaryAnatomicStructureModifierSequence: items(shown.structureModifier),
      },
      ...structures,
    ],
    ViewCodeSequence:
      shown.projection === undefined
        ? undefined
        : [{ ...ORTHO_CODES[shown.projection], ViewModifierCodeSequence: items(shown.viewModifier) }],
    DeviceSequence: items(shown.device),
    ImageComments: key,
  };
};

/** A photograph as a VL Photographic Image object (PS3.3 A.32.4, coded as CP-1570), Part 10, in pieces. */
export const buildPhotograph = (photo: Photograph, info: PhotographInfo): readonly Buffer[] => {
  const { exif, lossyRatios } = photo;
  const key = photoKey(info.view, info.isMirrored);
  const dataSet = {
    ...recordModules(info.study, {
      SOPClassUID: SOP_CLASS,
      SOPInstanceUID: info.SOPInstanceUID,
      Modality: 'XC',
      series: 'photographs',
      SeriesNumber: 901,
      SeriesDescription: 'Photographs',
      InstanceNumber: photoNumber(info.view),
      Manufacturer: exif.make ?? '',
      ManufacturerModelName: exif.model ?? undefined,
    }),
    SOPClassUID: SOP_CLASS,
    SOPInstanceUID: info.SOPInstanceUID,
    ImageType: lossyRatios.length > 1 ? ['DERIVED', 'PRIMARY'] : ['ORIGINAL', 'PRIMARY'],
    AcquisitionDateTime: exif.takenAt ?? undefined,
    ContentDate: exif.takenAt?.slice(0, 8),
    ContentTime: exif.takenAt?.slice(8, 14),
    SamplesPerPixel: photo.samplesPerPixel,
    PhotometricInterpretation: photo.photometricInterpretation,
    PlanarConfiguration: photo.samplesPerPixel === 3 ? 0 : undefined,
    Rows: photo.rows,
    Columns: photo.columns,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    LossyImageCompression: lossyRatios.length > 0 ? '01' : '00',
    LossyImageCompressionMethod: lossyRatios.length > 0 ? lossyRatios.map(() => 'ISO_10918_1') : undefined,
    LossyImageCompressionRatio:
      lossyRatios.length > 0 ? lossyRatios.map((ratio) => ratio.toFixed(2)) : undefined,
    DerivationDescription: lossyRatios.length > 1 ? 'Turned upright or decoded, and coded again' : undefined,
    ICCProfile: photo.icc ?? undefined,
    AcquisitionContextSequence: contextOf(key === undefined ? undefined : ORTHO_VIEWS[key], info.event),
    ...anatomy(info),
  };
  return writeRecordObject(
    dataSet,
    {
      tag: PIXEL_DATA,
      bytes: photo.pixels,
      encapsulated: photo.transferSyntaxUid !== EXPLICIT_LITTLE_ENDIAN,
    },
    photo.transferSyntaxUid,
  );
};
