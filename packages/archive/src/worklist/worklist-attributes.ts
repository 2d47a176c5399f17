import type { MatchingKind, QueryAttribute } from '../query/query-attributes.ts';

type Row = readonly [
  tag: string,
  keyword: string,
  vr: string,
  matching: MatchingKind,
  column: string,
  foldedColumn?: string,
];

const attribute = ([tag, keyword, vr, matching, column, foldedColumn]: Row): QueryAttribute => ({
  tag,
  keyword,
  vr,
  level: 'study',
  matching,
  column,
  always: false,
  ...(foldedColumn === undefined ? {} : { foldedColumn }),
});
const table = (rows: readonly Row[]): ReadonlyMap<string, QueryAttribute> =>
  new Map(rows.map((row) => [row[0], attribute(row)]));

/** Keys of the Modality Worklist outside of its sequence that are matched (PS3.4 table K.6-1); columns of `searchWorklist`. */
export const WORKLIST_KEYS: ReadonlyMap<string, QueryAttribute> = table([
  ['00080050', 'AccessionNumber', 'SH', 'text', 'o.accession_no'],
  ['00100010', 'PatientName', 'PN', 'name', 'p.name', 'p.name_folded'],
  ['00100020', 'PatientID', 'LO', 'text', 'k.value'],
  ['00100021', 'IssuerOfPatientID', 'LO', 'text', 'k.issuer'],
  ['00100030', 'PatientBirthDate', 'DA', 'date', 'p.birth_date'],
  ['00100040', 'PatientSex', 'CS', 'text', 'p.sex'],
  ['0020000D', 'StudyInstanceUID', 'UI', 'uid', 'o.study_uid'],
  ['00321032', 'RequestingPhysician', 'PN', 'name', 'o.requesting_name'],
  ['00321060', 'RequestedProcedureDescription', 'LO', 'text', 'o.description'],
  ['00401001', 'RequestedProcedureID', 'SH', 'text', 'o.requested_procedure_id'],
  ['00401003', 'RequestedProcedurePriority', 'SH', 'text', 'o.priority'],
]);

/** Keys inside of the one item of Scheduled Procedure Step Sequence. The station is a list: any of its titles may match. */
export const WORKLIST_STEP_KEYS: ReadonlyMap<string, QueryAttribute> = table([
  ['00080060', 'Modality', 'CS', 'text', 't.modality'],
  ['00400001', 'ScheduledStationAETitle', 'AE', 'text', 'station.ae'],
  ['00400002', 'ScheduledProcedureStepStartDate', 'DA', 'date', 'o.start_date'],
  ['00400003', 'ScheduledProcedureStepStartTime', 'TM', 'time', 'o.start_time'],
  [
    '00400006',
    'ScheduledPerformingPhysicianName',
    'PN',
    'name',
    't.performing_name',
    't.performing_name_folded',
  ],
  ['00400007', 'ScheduledProcedureStepDescription', 'LO', 'text', 't.description'],
  ['00400009', 'ScheduledProcedureStepID', 'SH', 'text', 't.step_id'],
  ['00400010', 'ScheduledStationName', 'SH', 'text', 't.station_name'],
  ['00400011', 'ScheduledProcedureStepLocation', 'SH', 'text', 't.place'],
]);
