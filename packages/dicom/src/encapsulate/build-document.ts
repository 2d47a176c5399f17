import type { ImageView } from '@archwire/contracts';
import type { NaturalDataSet } from '../natural-data-set.ts';
import { recordModules, type RecordStudy, uidOf } from '../record-modules.ts';
import { writeRecordObject } from '../write-record-object.ts';

export type DocumentKind = 'stl' | 'obj' | 'mtl' | 'pdf';

export interface DocumentInfo {
  readonly SOPInstanceUID: string;
  readonly study: RecordStudy;
  /** `scan-upper`, `scan-lower`, `scan` or `document`. */
  readonly view: ImageView;
  /** What it is called; never the name of a file. */
  readonly title: string;
  /** Made from a file of another format; what that was. */
  readonly convertedFrom: 'ply' | 'stl-text' | null;
}

const ENCAPSULATED_DOCUMENT = 0x00420011;
const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';

const CLASSES = {
  pdf: ['1.2.840.10008.5.1.4.1.1.104.1', 'application/pdf'],
  stl: ['1.2.840.10008.5.1.4.1.1.104.3', 'model/stl'],
  obj: ['1.2.840.10008.5.1.4.1.1.104.4', 'model/obj'],
  mtl: ['1.2.840.10008.5.1.4.1.1.104.5', 'model/mtl'],
} as const satisfies Record<DocumentKind, readonly [string, string]>;

const code = (CodeValue: string, CodingSchemeDesignator: string, CodeMeaning: string): NaturalDataSet => ({
  CodeValue,
  CodingSchemeDesignator,
  CodeMeaning,
});

const CONVERSIONS = {
  ply: 'Converted from PLY: the surface only, without colours',
  'stl-text': 'Converted from the text form of STL',
} as const;

const modelModules = (study: RecordStudy): NaturalDataSet => ({
  // What one visit's scanner exports lies in one space; nobody says otherwise.
  FrameOfReferenceUID: uidOf('frame', study.StudyInstanceUID),
  PositionReferenceIndicator: '',
  MeasurementUnitsCodeSequence: [code('mm', 'UCUM', 'millimeter')],
  ModelModification: 'NO',
  ModelMirroring: 'NO',
  ModelUsageCodeSequence: [code('129013', 'DCM', 'Planning Intent')],
});

/** A 3D model or PDF as an Encapsulated STL, OBJ, MTL or PDF object (PS3.3 A.45.1, A.85), Part 10, in pieces. */
export const buildDocument = (kind: DocumentKind, file: Buffer, info: DocumentInfo): readonly Buffer[] => {
  const [SOPClassUID, mediaType] = CLASSES[kind];
  const isModel = kind !== 'pdf';
  const dataSet = {
    ...recordModules(info.study, {
      SOPClassUID,
      SOPInstanceUID: info.SOPInstanceUID,
      Modality: isModel ? 'M3D' : 'DOC',
      series: isModel ? 'models' : 'documents',
      SeriesNumber: isModel ? 902 : 903,
      SeriesDescription: isModel ? '3D models' : 'Documents',
      InstanceNumber: info.view === 'scan-lower' ? 2 : 1,
      Manufacturer: 'unknown',
    }),
    SOPClassUID,
    SOPInstanceUID: info.SOPInstanceUID,
    ManufacturerModelName: 'unknown',
    DeviceSerialNumber: 'unknown',
    SoftwareVersions: 'unknown',
    ConversionType: isModel ? undefined : 'WSD',
    AcquisitionDateTime: '',
    ContentDate: '',
    ContentTime: '',
    BurnedInAnnotation: isModel ? 'NO' : 'YES',
    DocumentTitle: info.title,
    ConceptNameCodeSequence: isModel ? [code('85040-4', 'LN', '3D Printing model')] : [],
    DerivationDescription: info.convertedFrom === null ? undefined : CONVERSIONS[info.convertedFrom],
    MIMETypeOfEncapsulatedDocument: mediaType,
    EncapsulatedDocumentLength: file.length,
    ...(isModel ? modelModules(info.study) : {}),
  };
  return writeRecordObject(
    dataSet,
    { tag: ENCAPSULATED_DOCUMENT, bytes: file, encapsulated: false },
    EXPLICIT_LITTLE_ENDIAN,
  );
};
