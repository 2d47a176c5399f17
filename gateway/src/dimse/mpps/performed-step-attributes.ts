import { AppError } from '@archwire/contracts';
import type { DiscontinuationReason, PerformedStepState, ScheduledStepReference } from '@archwire/archive';
import type { DicomJson, DicomJsonValue } from '@archwire/dicom';

/** Modality Performed Procedure Step SOP Class. */
export const MODALITY_PERFORMED_PROCEDURE_STEP = '1.2.840.10008.3.1.2.3.3';

const STATUS = '00400252';
const MODALITY = '00080060';
const SCHEDULED = '00400270';
const STUDY = '0020000D';

/** Required with a value when a step is made (type 1 in PS3.4 table F.7.2-1). */
const REQUIRED: ReadonlyMap<string, string> = new Map([
  [SCHEDULED, 'ScheduledStepAttributesSequence'],
  ['00400253', 'PerformedProcedureStepID'],
  ['00400241', 'PerformedStationAETitle'],
  ['00400244', 'PerformedProcedureStepStartDate'],
  ['00400245', 'PerformedProcedureStepStartTime'],
  [STATUS, 'PerformedProcedureStepStatus'],
  [MODALITY, 'Modality'],
]);
/** Required with a value when a step has ended. */
const REQUIRED_AT_END: ReadonlyMap<string, string> = new Map([
  ['00400250', 'PerformedProcedureStepEndDate'],
  ['00400251', 'PerformedProcedureStepEndTime'],
]);
/** Said once and not changed by N-SET: whom, what was scheduled, and where and when it began. */
const FIXED: ReadonlySet<string> = new Set([
  '00081120',
  '00100010',
  '00100020',
  '00100021',
  '00100030',
  '00100040',
  MODALITY,
  '00200010',
  '00400241',
  '00400242',
  '00400243',
  '00400244',
  '00400245',
  '00400253',
  SCHEDULED,
]);

const STATES: ReadonlyMap<string, PerformedStepState> = new Map([
  ['IN PROGRESS', 'in_progress'],
  ['COMPLETED', 'completed'],
  ['DISCONTINUED', 'discontinued'],
]);

const isDataSet = (value: DicomJsonValue | undefined): value is DicomJson =>
  typeof value === 'object' && value !== null;

const valueOf = (dataSet: DicomJson, tag: string): string => {
  const [value] = dataSet[tag]?.Value ?? [];
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
};
const itemsOf = (dataSet: DicomJson, tag: string): readonly DicomJson[] =>
  (dataSet[tag]?.Value ?? []).filter(isDataSet);

const fault = (reason: string, message: string): AppError =>
  new AppError('invalid', message, { details: { reason } });

const assertValues = (dataSet: DicomJson, required: ReadonlyMap<string, string>): void => {
  for (const [tag, keyword] of required) {
    if (dataSet[tag] === undefined) throw fault('missing-attribute', `${keyword} is missing.`);
    if ((dataSet[tag].Value ?? []).every((value) => value === null || value === ''))
      throw fault('missing-value', `${keyword} has no value.`);
  }
};

const stateOf = (dataSet: DicomJson): PerformedStepState => {
  const state = STATES.get(valueOf(dataSet, STATUS));
  if (state === undefined)
    throw fault('invalid-value', 'PerformedProcedureStepStatus: IN PROGRESS, COMPLETED, DISCONTINUED.');
  return state;
};

/** What a new step says. @throws AppError `invalid` with the reason `missing-attribute`, `missing-value` or `invalid-value`. */
export const readNewStep = (
  dataSet: DicomJson,
): { readonly modality: string; readonly scheduled: readonly ScheduledStepReference[] } => {
  assertValues(dataSet, REQUIRED);
  const scheduled = itemsOf(dataSet, SCHEDULED);
  for (const item of scheduled) assertValues(item, new Map([[STUDY, 'StudyInstanceUID']]));
  if (stateOf(dataSet) !== 'in_progress')
    throw fault('invalid-value', 'PerformedProcedureStepStatus must be IN PROGRESS.');
  return {
    modality: valueOf(dataSet, MODALITY),
    scheduled: scheduled.map((item) => ({
      studyInstanceUid: valueOf(item, STUDY),
      accessionNumber: valueOf(item, '00080050'),
      scheduledProcedureStepId: valueOf(item, '00400009'),
    })),
  };
};

const reasonOf = (dataSet: DicomJson): DiscontinuationReason | null => {
  const [code] = itemsOf(dataSet, '00400281');
  return code === undefined
    ? null
    : {
        code: valueOf(code, '00080100'),
        scheme: valueOf(code, '00080102'),
        meaning: valueOf(code, '00080104') || valueOf(code, '00080100'),
      };
};

/**
 * A step after an N-SET: what it may change is changed, what is fixed stays.
 * @throws AppError `invalid` as `readNewStep`, when a step ends without saying when, or has an unknown status.
 */
export const changeStep = (
  kept: DicomJson,
  change: DicomJson,
): {
  readonly state: PerformedStepState;
  readonly dataSet: DicomJson;
  readonly reason: DiscontinuationReason | null;
} => {
  const allowed = Object.entries(change).filter(([tag]) => !FIXED.has(tag));
  const dataSet: DicomJson = { ...kept, ...Object.fromEntries(allowed) };
  const state = stateOf(dataSet);
  if (state !== 'in_progress') assertValues(dataSet, REQUIRED_AT_END);
  return { state, dataSet, reason: state === 'discontinued' ? reasonOf(dataSet) : null };
};
