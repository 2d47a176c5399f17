import { QUERY_ATTRIBUTES, type QueryAttribute } from '../../packages/archive/src/query/query-attributes.ts';
import {
  WORKLIST_KEYS,
  WORKLIST_STEP_KEYS,
} from '../../packages/archive/src/worklist/worklist-attributes.ts';
import { LEVELS } from '../../gateway/src/dimse/query/query-models.ts';
import { markdownTable } from './markdown-table.ts';

const tagText = (tag: string): string => `(${tag.slice(0, 4)},${tag.slice(4)})`;

/** PS3.4 section C.2.2.2, by how the index compares. */
const MATCHING: Readonly<Record<QueryAttribute['matching'], string>> = {
  text: 'single value, wildcard',
  name: 'single value, wildcard; without regard to case and accents',
  uid: 'single UID, list of UIDs',
  'uid-code': 'single UID, list of UIDs',
  date: 'single value, range',
  time: 'single value, range',
  integer: 'single value',
  modalities: 'single value, list, wildcard',
  none: 'returned only',
};

const LEVEL_NAMES = { study: 'Study', series: 'Series', instance: 'Image' } as const;
/** Of the patient's own, where the information model has a level for it. */
const levelOf = ({ tag, level }: QueryAttribute): string =>
  tag.startsWith('0010') ? 'Patient' : LEVEL_NAMES[level];

const attributeTable = (attributes: readonly QueryAttribute[], isUnique: (tag: string) => boolean): string =>
  markdownTable(
    ['Attribute', 'Tag', 'VR', 'Level', 'Matching'],
    attributes.map((attribute) => [
      isUnique(attribute.tag) ? `${attribute.keyword} (unique key)` : attribute.keyword,
      tagText(attribute.tag),
      attribute.vr,
      levelOf(attribute),
      MATCHING[attribute.matching],
    ]),
  );

/** What C-FIND matches and returns, from the table by which it does. */
export const queryTables = (): string => {
  const unique = new Set(LEVELS.patient.map(([, , tag]) => tag));
  return attributeTable(
    QUERY_ATTRIBUTES.filter(({ vr }) => vr !== 'UR'),
    (tag) => unique.has(tag),
  );
};

/** What the worklist matches, from the tables by which it does. */
export const worklistTables = (): string =>
  markdownTable(
    ['Attribute', 'Tag', 'VR', 'Where', 'Matching'],
    [
      ...[...WORKLIST_KEYS.values()].map((key) => [key, ''] as const),
      ...[...WORKLIST_STEP_KEYS.values()].map((key) => [key, 'Scheduled Procedure Step Sequence'] as const),
    ].map(([{ keyword, tag, vr, matching }, where]) => [
      keyword,
      tagText(tag),
      vr,
      where,
      MATCHING[matching],
    ]),
  );
