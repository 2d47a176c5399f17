/** The three levels of the query information model (PS3.18 section 10.6). */
export type QueryLevel = 'study' | 'series' | 'instance';

/** How the values of an attribute are compared (PS3.4 section C.2.2.2). */
export type MatchingKind =
  'text' | 'name' | 'uid' | 'uid-code' | 'date' | 'time' | 'integer' | 'modalities' | 'none';

export interface QueryAttribute {
  readonly keyword: string;
  /** Eight upper-case hexadecimal digits. */
  readonly tag: string;
  readonly vr: string;
  readonly level: QueryLevel;
  readonly matching: MatchingKind;
  /** Qualified column, and for names the column with the folded text. `null` when the value is computed. */
  readonly column: string | null;
  readonly foldedColumn?: string;
  /** Returned without being asked for (PS3.18 tables 10.6.3-3 to 10.6.3-5). */
  readonly always: boolean;
}

type Row = readonly [
  tag: string,
  keyword: string,
  vr: string,
  matching: MatchingKind,
  column: string | null,
  always?: 'always',
  foldedColumn?: string,
];

const STUDY: readonly Row[] = [
  ['00080020', 'StudyDate', 'DA', 'date', 's.study_date', 'always'],
  ['00080030', 'StudyTime', 'TM', 'time', 's.study_time', 'always'],
  ['00080050', 'AccessionNumber', 'SH', 'text', 's.accession_no', 'always'],
  ['00080056', 'InstanceAvailability', 'CS', 'none', null, 'always'],
  ['00080061', 'ModalitiesInStudy', 'CS', 'modalities', null, 'always'],
  ['00080080', 'InstitutionName', 'LO', 'text', 's.institution_name'],
  ['00080090', 'ReferringPhysicianName', 'PN', 'name', 's.referring_name', 'always'],
  ['00080201', 'TimezoneOffsetFromUTC', 'SH', 'none', 's.timezone_offset', 'always'],
  ['00081030', 'StudyDescription', 'LO', 'text', 's.description', 'always'],
  ['00081190', 'RetrieveURL', 'UR', 'none', null, 'always'],
  ['00100010', 'PatientName', 'PN', 'name', 's.pat_known_name', 'always', 's.pat_known_name_folded'],
  ['00100020', 'PatientID', 'LO', 'text', 's.pat_known_id', 'always'],
  ['00100021', 'IssuerOfPatientID', 'LO', 'text', 's.pat_known_issuer'],
  ['00100030', 'PatientBirthDate', 'DA', 'date', 's.pat_known_birth_date', 'always'],
  ['00100040', 'PatientSex', 'CS', 'text', 's.pat_known_sex', 'always'],
  ['0020000D', 'StudyInstanceUID', 'UI', 'uid', 's.study_uid', 'always'],
  ['00200010', 'StudyID', 'SH', 'text', 's.study_dicom_id', 'always'],
  ['00201206', 'NumberOfStudyRelatedSeries', 'IS', 'none', 's.series_count', 'always'],
  ['00201208', 'NumberOfStudyRelatedInstances', 'IS', 'none', 's.instance_count', 'always'],
];

const SERIES: readonly Row[] = [
  ['00080021', 'SeriesDate', 'DA', 'date', 'e.series_date'],
  ['00080031', 'SeriesTime', 'TM', 'time', 'e.series_time'],
  ['00080060', 'Modality', 'CS', 'text', 'e.modality', 'always'],
  ['00080070', 'Manufacturer', 'LO', 'text', 'e.manufacturer'],
  ['00081010', 'StationName', 'SH', 'text', 'e.station_name'],
  ['0008103E', 'SeriesDescription', 'LO', 'text', 'e.description', 'always'],
  ['00180015', 'BodyPartExamined', 'CS', 'text', 'e.body_part'],
  ['0020000E', 'SeriesInstanceUID', 'UI', 'uid', 'e.series_uid', 'always'],
  ['00200011', 'SeriesNumber', 'IS', 'integer', 'e.series_number', 'always'],
  ['00200060', 'Laterality', 'CS', 'text', 'e.laterality'],
  ['00201209', 'NumberOfSeriesRelatedInstances', 'IS', 'none', 'e.instance_count', 'always'],
  ['00400244', 'PerformedProcedureStepStartDate', 'DA', 'date', 'e.pps_start_date', 'always'],
  ['00400245', 'PerformedProcedureStepStartTime', 'TM', 'time', 'e.pps_start_time', 'always'],
];

const INSTANCE: readonly Row[] = [
  ['00080016', 'SOPClassUID', 'UI', 'uid-code', 'i.sop_class', 'always'],
  ['00080018', 'SOPInstanceUID', 'UI', 'uid', 'i.sop_uid', 'always'],
  ['00083002', 'AvailableTransferSyntaxUID', 'UI', 'none', 'i.transfer_syntax', 'always'],
  ['00200013', 'InstanceNumber', 'IS', 'integer', 'i.instance_number', 'always'],
  ['00280008', 'NumberOfFrames', 'IS', 'none', 'i.frames', 'always'],
  ['00280010', 'Rows', 'US', 'none', 'i.rows', 'always'],
  ['00280011', 'Columns', 'US', 'none', 'i.columns', 'always'],
  ['00280100', 'BitsAllocated', 'US', 'none', 'i.bits_allocated', 'always'],
];

const table = (level: QueryLevel, rows: readonly Row[]): readonly QueryAttribute[] =>
  rows.map(([tag, keyword, vr, matching, column, always, foldedColumn]) => ({
    keyword,
    tag,
    vr,
    level,
    matching,
    column,
    always: always === 'always',
    ...(foldedColumn === undefined ? {} : { foldedColumn }),
  }));

/** Every attribute that a query can match on or return. */
export const QUERY_ATTRIBUTES: readonly QueryAttribute[] = [
  ...table('study', STUDY),
  ...table('series', SERIES),
  ...table('instance', INSTANCE),
];

const BY_NAME: ReadonlyMap<string, QueryAttribute> = new Map(
  QUERY_ATTRIBUTES.flatMap((attribute) => [
    [attribute.keyword, attribute],
    [attribute.tag, attribute],
  ]),
);

/** By keyword or by eight hexadecimal digits of either case; `undefined` when it can be neither matched nor returned. */
export const queryAttribute = (name: string): QueryAttribute | undefined =>
  BY_NAME.get(name) ?? BY_NAME.get(name.toUpperCase());

const DEPTH: Readonly<Record<QueryLevel, number>> = { study: 0, series: 1, instance: 2 };

/** Whether an attribute of `level` exists in answers of `queried`: a level and those above it. */
export const isWithin = (level: QueryLevel, queried: QueryLevel): boolean => DEPTH[level] <= DEPTH[queried];
