/** The information models that are served (PS3.4 annex C); the retired Patient/Study Only is not. */
export type QueryRoot = 'patient' | 'study';
export type RetrieveLevel = 'PATIENT' | 'STUDY' | 'SERIES' | 'IMAGE';

/** FIND SOP classes by UID. */
export const FIND_MODELS: ReadonlyMap<string, QueryRoot> = new Map([
  ['1.2.840.10008.5.1.4.1.2.1.1', 'patient'],
  ['1.2.840.10008.5.1.4.1.2.2.1', 'study'],
]);

/** Levels from the root down, each with its unique key (PS3.4 C.6.1.1 and C.6.2.1). */
export const LEVELS: Readonly<
  Record<QueryRoot, readonly (readonly [level: RetrieveLevel, key: string, tag: string])[]>
> = {
  patient: [
    ['PATIENT', 'PatientID', '00100020'],
    ['STUDY', 'StudyInstanceUID', '0020000D'],
    ['SERIES', 'SeriesInstanceUID', '0020000E'],
    ['IMAGE', 'SOPInstanceUID', '00080018'],
  ],
  study: [
    ['STUDY', 'StudyInstanceUID', '0020000D'],
    ['SERIES', 'SeriesInstanceUID', '0020000E'],
    ['IMAGE', 'SOPInstanceUID', '00080018'],
  ],
};

/** What SOP Class Extended Negotiation settled for a FIND class (PS3.4 C.5.1.1), each off unless both sides said otherwise. */
export interface FindOptions {
  readonly relational: boolean;
  readonly combinedDateTime: boolean;
  readonly fuzzy: boolean;
  /** Zero-length sequence matching and empty value matching (bytes 5 and 6). */
  readonly emptyValue: boolean;
}

export const NO_FIND_OPTIONS: FindOptions = {
  relational: false,
  combinedDateTime: false,
  fuzzy: false,
  emptyValue: false,
};
