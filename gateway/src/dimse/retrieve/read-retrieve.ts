import type { RetrieveKeys } from '@archwire/archive';
import { AppError, isUidLenient } from '@archwire/contracts';
import type { DicomJson } from '@archwire/dicom';
import { LEVELS, type QueryRoot } from '../query/query-models.ts';

const RETRIEVE_LEVEL = '00080052';
const ISSUER = '00100021';
/** More UIDs than this in one key are better asked for by their series or study. */
const MOST_UIDS = 10_000;

/** Where the identifier does not fit the SOP class: status A900. */
const mismatch = (message: string): AppError =>
  new AppError('invalid', message, { details: { reason: 'identifier-mismatch' } });

const valuesOf = (dataSet: DicomJson, tag: string): readonly string[] =>
  (dataSet[tag]?.Value ?? [])
    .map((value) => (typeof value === 'string' ? value.trim() : ''))
    .filter((value) => value !== '');

const KEY_OF = {
  StudyInstanceUID: 'studyUids',
  SeriesInstanceUID: 'seriesUids',
  SOPInstanceUID: 'sopUids',
} as const;

const uidKeys = (keyword: string, values: readonly string[]): RetrieveKeys => {
  if (values.length > MOST_UIDS) throw mismatch(`${keyword} has more than ${MOST_UIDS} values.`);
  if (!values.every(isUidLenient)) throw mismatch(`${keyword} must be a UID or a list of them.`);
  if (keyword === 'StudyInstanceUID' || keyword === 'SeriesInstanceUID' || keyword === 'SOPInstanceUID')
    return { [KEY_OF[keyword]]: values };
  return {};
};

/**
 * The unique keys of a C-MOVE or C-GET identifier (PS3.4 C.4.2.1.4): one value at each level above, one Patient ID or a list of
 * UIDs at the level itself. Keys of other attributes are not looked at.
 * @throws AppError `invalid` with the reason `identifier-mismatch`.
 */
export const readRetrieve = (root: QueryRoot, dataSet: DicomJson, relational: boolean): RetrieveKeys => {
  const [level = ''] = valuesOf(dataSet, RETRIEVE_LEVEL);
  const levels = LEVELS[root];
  const at = levels.findIndex(([name]) => name === level);
  if (at === -1)
    throw mismatch(`Query/Retrieve Level must be one of ${levels.map(([name]) => name).join(', ')}.`);
  const keys = levels.slice(0, at + 1).map(([, keyword, tag], index): RetrieveKeys => {
    const values = valuesOf(dataSet, tag);
    const isLevel = index === at;
    if (values.length === 0) {
      if (isLevel || !relational) throw mismatch(`${keyword} must be given to retrieve at level ${level}.`);
      return {};
    }
    if (keyword !== 'PatientID') {
      if (!isLevel && values.length > 1) throw mismatch(`${keyword} must have one value at level ${level}.`);
      return uidKeys(keyword, values);
    }
    const [patientId = ''] = values;
    if (values.length > 1 || /[*?]/.test(patientId)) throw mismatch('Patient ID must have one value.');
    const [issuer] = valuesOf(dataSet, ISSUER);
    return { patientId, ...(issuer === undefined ? {} : { issuer }) };
  });
  return keys.reduce<RetrieveKeys>((all, key) => ({ ...all, ...key }), {});
};
