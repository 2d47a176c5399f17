import type { DicomJson, DicomJsonAttribute, DicomJsonValue } from '@archwire/dicom';
import { AppError } from '@archwire/contracts';
import type { Condition } from '../query/imaging-query.ts';
import { parseMatcher } from '../query/parse-matcher.ts';
import type { QueryAttribute } from '../query/query-attributes.ts';
import { WORKLIST_KEYS, WORKLIST_STEP_KEYS } from './worklist-attributes.ts';

/** A Modality Worklist identifier as a search. */
export interface WorklistQuery {
  readonly conditions: readonly Condition[];
  /** Some key that narrows is not matched here: every answer says so (Pending, FF01). */
  readonly hasUnsupported: boolean;
}

const STEPS = '00400100';
/** Specific Character Set and Timezone Offset belong to the identifier, Query/Retrieve Level to careless devices. */
const CONTROL: ReadonlySet<string> = new Set(['00080005', '00080201', '00080052']);

const isDataSet = (value: DicomJsonValue): value is DicomJson => typeof value === 'object' && value !== null;

const textOf = (value: DicomJsonValue): string => {
  if (value === null) return '';
  if (typeof value !== 'object') return String(value);
  const groups = new Map<string, unknown>(Object.entries(value));
  return ['Alphabetic', 'Ideographic', 'Phonetic']
    .map((name) => groups.get(name))
    .map((group) => (typeof group === 'string' ? group : ''))
    .join('=')
    .replace(/=+$/, '');
};
const valueOf = ({ Value = [] }: DicomJsonAttribute): string => Value.map(textOf).join('\\');

/** Universal keys say nothing; in a sequence that is not searched only values would. */
const narrows = ({ vr, Value = [] }: DicomJsonAttribute): boolean =>
  vr === 'SQ'
    ? Value.some((item) => isDataSet(item) && Object.values(item).some(narrows))
    : Value.some((value) => !/^\**$/.test(textOf(value).trim()));

const read = (dataSet: DicomJson, keys: ReadonlyMap<string, QueryAttribute>): WorklistQuery => {
  const conditions: Condition[] = [];
  let hasUnsupported = false;
  for (const [tag, attribute] of Object.entries(dataSet)) {
    if (CONTROL.has(tag) || (tag === STEPS && keys === WORKLIST_KEYS)) continue;
    const known = keys.get(tag);
    if (known === undefined) {
      hasUnsupported ||= narrows(attribute);
      continue;
    }
    const matcher = parseMatcher(known, valueOf(attribute), { fuzzy: false, emptyValue: false });
    if (matcher !== undefined) conditions.push({ attribute: known, matcher });
  }
  return { conditions, hasUnsupported };
};

/**
 * Reads a Modality Worklist identifier (PS3.4 section K.6.1.2). Keys that are not known are returned empty.
 * @throws AppError `invalid`: with the reason `identifier-mismatch` when Scheduled Procedure Step Sequence has several
 * items, otherwise when a value cannot be one of its attribute.
 */
export const readWorklistQuery = (dataSet: DicomJson): WorklistQuery => {
  const items = (dataSet[STEPS]?.Value ?? []).filter(isDataSet);
  if (items.length > 1)
    throw new AppError('invalid', 'Scheduled Procedure Step Sequence of a question has one item.', {
      details: { reason: 'identifier-mismatch' },
    });
  const order = read(dataSet, WORKLIST_KEYS);
  const step = read(items.find((item): item is DicomJson => isDataSet(item)) ?? {}, WORKLIST_STEP_KEYS);
  return {
    conditions: [...order.conditions, ...step.conditions],
    hasUnsupported: order.hasUnsupported || step.hasUnsupported,
  };
};
