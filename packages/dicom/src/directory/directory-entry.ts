import type { DicomJson, DicomJsonAttribute } from '../dicom-json.ts';
import { recordType } from './record-type.ts';

/** What a DICOMDIR says of one file: the keys of its four records. */
export interface DirectoryEntry {
  /** Components of the Referenced File ID: at most eight, each of at most eight of `A-Z 0-9 _` (PS3.10 section 8). */
  readonly fileId: readonly string[];
  readonly patientKey: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly patient: DicomJson;
  readonly study: DicomJson;
  readonly series: DicomJson;
  readonly instance: DicomJson;
}

interface Key {
  readonly tag: string;
  readonly vr: string;
  /** Type 1: where the object says nothing, this. Without it: Type 2. */
  readonly otherwise?: string;
}

const NO_DATE = '19000101';
const NO_TIME = '000000';

const PATIENT: readonly Key[] = [
  { tag: '00100010', vr: 'PN' },
  { tag: '00100020', vr: 'LO', otherwise: 'UNKNOWN' },
  { tag: '00100030', vr: 'DA' },
  { tag: '00100040', vr: 'CS' },
];
const STUDY: readonly Key[] = [
  { tag: '00080020', vr: 'DA', otherwise: NO_DATE },
  { tag: '00080030', vr: 'TM', otherwise: NO_TIME },
  { tag: '00080050', vr: 'SH' },
  { tag: '00081030', vr: 'LO' },
  { tag: '0020000D', vr: 'UI' },
  { tag: '00200010', vr: 'SH', otherwise: '1' },
];
const SERIES: readonly Key[] = [
  { tag: '00080060', vr: 'CS', otherwise: 'OT' },
  { tag: '0020000E', vr: 'UI' },
  { tag: '00200011', vr: 'IS', otherwise: '1' },
];

const INSTANCE_NUMBER: Key = { tag: '00200013', vr: 'IS', otherwise: '1' };
const CONTENT_DATE: Key = { tag: '00080023', vr: 'DA', otherwise: NO_DATE };
const CONTENT_TIME: Key = { tag: '00080033', vr: 'TM', otherwise: NO_TIME };
const CONCEPT_NAME: Key = { tag: '0040A043', vr: 'SQ' };
const LABEL: readonly Key[] = [
  { tag: '00700080', vr: 'CS', otherwise: 'UNNAMED' },
  { tag: '00700081', vr: 'LO' },
];

/** Further keys of each record type (PS3.3 F.5). */
const OF_TYPE: Readonly<Record<string, readonly Key[]>> = {
  PRESENTATION: [
    INSTANCE_NUMBER,
    ...LABEL,
    { tag: '00700082', vr: 'DA', otherwise: NO_DATE },
    { tag: '00700083', vr: 'TM', otherwise: NO_TIME },
    { tag: '00700084', vr: 'PN' },
    { tag: '00081115', vr: 'SQ' },
  ],
  'SR DOCUMENT': [
    INSTANCE_NUMBER,
    { tag: '0040A491', vr: 'CS', otherwise: 'PARTIAL' },
    { tag: '0040A493', vr: 'CS', otherwise: 'UNVERIFIED' },
    CONTENT_DATE,
    CONTENT_TIME,
    CONCEPT_NAME,
  ],
  'KEY OBJECT DOC': [INSTANCE_NUMBER, CONTENT_DATE, CONTENT_TIME, CONCEPT_NAME],
  'ENCAP DOC': [
    INSTANCE_NUMBER,
    { tag: '00080023', vr: 'DA' },
    { tag: '00080033', vr: 'TM' },
    { tag: '00420010', vr: 'ST' },
    CONCEPT_NAME,
    { tag: '00420012', vr: 'LO', otherwise: 'application/octet-stream' },
  ],
  WAVEFORM: [INSTANCE_NUMBER, CONTENT_DATE, CONTENT_TIME],
  'RAW DATA': [INSTANCE_NUMBER, CONTENT_DATE, CONTENT_TIME],
  REGISTRATION: [INSTANCE_NUMBER, CONTENT_DATE, CONTENT_TIME, ...LABEL, { tag: '00700084', vr: 'PN' }],
  FIDUCIAL: [INSTANCE_NUMBER, CONTENT_DATE, CONTENT_TIME, ...LABEL, { tag: '00700084', vr: 'PN' }],
  'VALUE MAP': [INSTANCE_NUMBER, CONTENT_DATE, CONTENT_TIME, ...LABEL, { tag: '00700084', vr: 'PN' }],
  SURFACE: [INSTANCE_NUMBER, CONTENT_DATE, CONTENT_TIME],
  'RT STRUCTURE SET': [
    INSTANCE_NUMBER,
    { tag: '30060002', vr: 'SH', otherwise: 'UNNAMED' },
    { tag: '30060008', vr: 'DA' },
    { tag: '30060009', vr: 'TM' },
  ],
  'RT PLAN': [
    INSTANCE_NUMBER,
    { tag: '300A0002', vr: 'SH', otherwise: 'UNNAMED' },
    { tag: '300A0006', vr: 'DA' },
    { tag: '300A0007', vr: 'TM' },
  ],
  'RT DOSE': [INSTANCE_NUMBER, { tag: '3004000A', vr: 'CS', otherwise: 'PLAN' }],
};

const hasValue = (attribute: DicomJsonAttribute | undefined): attribute is DicomJsonAttribute =>
  (attribute?.Value ?? []).some((value) => value !== null && value !== '');

const keysOf = (json: DicomJson, keys: readonly Key[]): DicomJson =>
  Object.fromEntries(
    keys.flatMap(({ tag, vr, otherwise }) => {
      const attribute = json[tag];
      if (hasValue(attribute)) return [[tag, { vr, Value: attribute.Value ?? [] }] as const];
      if (otherwise !== undefined) return [[tag, { vr, Value: [otherwise] }] as const];
      return [[tag, { vr }] as const];
    }),
  );

const textOf = (json: DicomJson, tag: string): string => {
  const [value] = json[tag]?.Value ?? [];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

/** @param json the data set of the file, in DICOM JSON; pixels are not looked at. */
export const directoryEntry = (
  json: DicomJson,
  file: { readonly fileId: readonly string[]; readonly TransferSyntaxUID: string },
): DirectoryEntry => {
  const sopClass = textOf(json, '00080016');
  const type = recordType(sopClass);
  return {
    fileId: file.fileId,
    patientKey: JSON.stringify([json['00100020']?.Value, json['00100021']?.Value, json['00100010']?.Value]),
    studyInstanceUid: textOf(json, '0020000D'),
    seriesInstanceUid: textOf(json, '0020000E'),
    patient: keysOf(json, PATIENT),
    study: keysOf(json, STUDY),
    series: keysOf(json, SERIES),
    instance: {
      '00041430': { vr: 'CS', Value: [type] },
      ...(type === 'PRIVATE' ? { '00041432': { vr: 'UI', Value: [sopClass] } } : {}),
      '00041500': { vr: 'CS', Value: [...file.fileId] },
      '00041510': { vr: 'UI', Value: [sopClass] },
      '00041511': { vr: 'UI', Value: [textOf(json, '00080018')] },
      '00041512': { vr: 'UI', Value: [file.TransferSyntaxUID] },
      ...keysOf(json, OF_TYPE[type] ?? [INSTANCE_NUMBER]),
    },
  };
};
