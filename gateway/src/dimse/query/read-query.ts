import {
  isWithin,
  parseMatcher,
  queryAttribute,
  type Condition,
  type QueryAttribute,
  type QueryLevel,
} from '@archwire/archive';
import { AppError } from '@archwire/contracts';
import type { DicomJson, DicomJsonAttribute, DicomJsonValue, Identifier } from '@archwire/dicom';
import { LEVELS, type FindOptions, type QueryRoot, type RetrieveLevel } from './query-models.ts';

/** A C-FIND identifier as a query of the index. */
export interface DimseQuery {
  readonly level: RetrieveLevel;
  readonly conditions: readonly Condition[];
  /** The tags that the peer wants back, with the VR it named. */
  readonly requested: ReadonlyMap<string, string>;
  /** Some optional key is neither matched nor returned: every answer says so (Pending, FF01). */
  readonly hasUnsupported: boolean;
  readonly characterSet: string;
}

const QUERY_LEVEL: Readonly<Record<RetrieveLevel, QueryLevel>> = {
  PATIENT: 'study',
  STUDY: 'study',
  SERIES: 'series',
  IMAGE: 'instance',
};
const RETRIEVE_LEVEL = '00080052';
/** Attributes of the query itself, not keys. */
const CONTROL: ReadonlySet<string> = new Set(['00080005', RETRIEVE_LEVEL, '00080201']);
/** Given with every answer whether asked for or not, or computed from the index beside its columns. */
export const ANSWERED: ReadonlySet<string> = new Set([
  '00080054',
  '00080056',
  '00201200',
  '00201202',
  '00201204',
]);

/** Where the identifier does not fit the SOP class: status A900. */
const mismatch = (message: string): AppError =>
  new AppError('invalid', message, { details: { reason: 'identifier-mismatch' } });

const groupsOf = (value: object): string => {
  const groups = new Map<string, unknown>(Object.entries(value));
  return ['Alphabetic', 'Ideographic', 'Phonetic']
    .map((name) => groups.get(name))
    .map((group) => (typeof group === 'string' ? group : ''))
    .join('=')
    .replace(/=+$/, '');
};

const textOf = (value: DicomJsonValue): string => {
  if (value === null) return '';
  return typeof value === 'object' ? groupsOf(value) : String(value);
};
const valueOf = ({ Value = [] }: DicomJsonAttribute): string => Value.map(textOf).join('\\');

const levelOf = (root: QueryRoot, dataSet: DicomJson): number => {
  const asked = dataSet[RETRIEVE_LEVEL];
  const name = asked === undefined ? '' : valueOf(asked).trim();
  const at = LEVELS[root].findIndex(([level]) => level === name);
  if (at === -1)
    throw mismatch(`Query/Retrieve Level must be one of ${LEVELS[root].map(([level]) => level).join(', ')}.`);
  return at;
};

const hasOneValue = (value: string): boolean => value !== '' && !/[*?\\]/.test(value);

/** Without relational queries each level above names exactly one entity (PS3.4 C.4.1.3.1.1). */
const assertHierarchy = (root: QueryRoot, at: number, dataSet: DicomJson): void => {
  for (const [level, keyword, tag] of LEVELS[root].slice(0, at)) {
    const key = dataSet[tag];
    if (key === undefined || !hasOneValue(valueOf(key).trim()))
      throw mismatch(`${keyword} must name one ${level.toLowerCase()}, or negotiate relational queries.`);
  }
};

const isPatientAttribute = ({ tag }: QueryAttribute): boolean => tag.startsWith('0010');

/** Whether an attribute is a key of this query: at its level or above, at the patient's level only what is the patient's. */
const isKey = (attribute: QueryAttribute, level: RetrieveLevel): boolean =>
  level === 'PATIENT' ? isPatientAttribute(attribute) : isWithin(attribute.level, QUERY_LEVEL[level]);

/**
 * Reads a C-FIND identifier (PS3.4 C.4.1.1.3). Keys that the index does not know are returned empty.
 * @throws AppError `invalid`: with the reason `identifier-mismatch` when level or unique keys do not fit the model,
 * otherwise when a value cannot be one of its attribute.
 */
export const readQuery = (
  root: QueryRoot,
  { dataSet, characterSet }: Identifier,
  options: FindOptions,
): DimseQuery => {
  const at = levelOf(root, dataSet);
  if (!options.relational) assertHierarchy(root, at, dataSet);
  const level = LEVELS[root][at]?.[0] ?? 'STUDY';
  const conditions: Condition[] = [];
  const requested = new Map<string, string>();
  let hasUnsupported = false;
  for (const [tag, attribute] of Object.entries(dataSet)) {
    if (CONTROL.has(tag)) continue;
    requested.set(tag, attribute.vr);
    const known = queryAttribute(tag);
    if (ANSWERED.has(tag)) continue;
    const isMatched = known !== undefined && isKey(known, level);
    const value = attribute.vr === 'SQ' ? '' : valueOf(attribute);
    if (!isMatched || (known.matching === 'none' && value.trim() !== '')) {
      hasUnsupported = true;
      continue;
    }
    if (known.matching === 'none') continue;
    const matcher = parseMatcher(known, value, options);
    if (matcher !== undefined) conditions.push({ attribute: known, matcher });
  }
  return { level, conditions, requested, hasUnsupported, characterSet };
};
