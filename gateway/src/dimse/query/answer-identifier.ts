import { queryAttribute, rowElement, type SearchRow } from '@archwire/archive';
import type { DicomJson, DicomJsonAttribute } from '@archwire/dicom';
import { LEVELS, type QueryRoot } from './query-models.ts';
import type { DimseQuery } from './read-query.ts';

/** What an answer says besides the index. */
export interface Answerer {
  readonly root: QueryRoot;
  /** Where the objects can be fetched from: this server. */
  readonly aeTitle: string;
}

const COUNTERS: ReadonlyMap<string, string> = new Map([
  ['00201200', 'NumberOfPatientRelatedStudies'],
  ['00201202', 'NumberOfPatientRelatedSeries'],
  ['00201204', 'NumberOfPatientRelatedInstances'],
]);

const keywordIn = (row: SearchRow, tag: string): string | undefined => {
  const keyword = COUNTERS.get(tag) ?? queryAttribute(tag)?.keyword;
  return keyword !== undefined && keyword in row ? keyword : undefined;
};

/** One match as an identifier (PS3.4 C.4.1.1.3.2): the keys asked for, the unique keys, and where to fetch it. */
export const answerIdentifier = (
  row: SearchRow,
  query: DimseQuery,
  { root, aeTitle }: Answerer,
): DicomJson => {
  const element = (tag: string, vr: string): DicomJsonAttribute => {
    const keyword = keywordIn(row, tag);
    return keyword === undefined ? { vr } : rowElement(queryAttribute(tag)?.vr ?? 'IS', row[keyword]);
  };
  const at = LEVELS[root].findIndex(([level]) => level === query.level);
  const unique = LEVELS[root].slice(0, at + 1).map(([, , tag]) => tag);
  return {
    ...Object.fromEntries([...query.requested].map(([tag, vr]) => [tag, element(tag, vr)])),
    ...Object.fromEntries(unique.map((tag) => [tag, element(tag, 'UI')])),
    '00080052': { vr: 'CS', Value: [query.level] },
    '00080054': { vr: 'AE', Value: [aeTitle] },
    '00080056': { vr: 'CS', Value: ['ONLINE'] },
  };
};
