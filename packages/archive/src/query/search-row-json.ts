import type { DicomJson, DicomJsonAttribute } from '@archwire/dicom';
import { isWithin, QUERY_ATTRIBUTES, type QueryAttribute, type QueryLevel } from './query-attributes.ts';
import type { SearchRow } from './search-imaging.ts';

export interface Presentation {
  readonly level: QueryLevel;
  /** Keywords asked for beyond what always comes; `'all'` is everything the index knows. */
  readonly include: ReadonlySet<string> | 'all';
  /** Levels above the queried one that the path already fixes: only their UIDs come by themselves. */
  readonly fixed: ReadonlySet<QueryLevel>;
  /** Absolute URL of the service, for Retrieve URL. */
  readonly base: string;
}

const UIDS: ReadonlySet<string> = new Set(['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID']);

const NAME_GROUPS = ['Alphabetic', 'Ideographic', 'Phonetic'] as const;

const personName = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    text.split('=').flatMap((group, at) => {
      const name = NAME_GROUPS[at];
      return name === undefined || group === '' ? [] : [[name, group]];
    }),
  );

/** A value of a row in the DICOM JSON Model. */
export const rowElement = (vr: string, value: SearchRow[string] | undefined): DicomJsonAttribute => {
  if (value === null || value === undefined || value === '') return { vr };
  if (typeof value === 'number') return { vr, Value: [value] };
  if (typeof value !== 'string') return value.length === 0 ? { vr } : { vr, Value: [...value] };
  if (vr === 'IS' || vr === 'US') return { vr, Value: [Number(value)] };
  if (vr === 'PN') return { vr, Value: [personName(value)] };
  if (vr === 'DA') return { vr, Value: [value.replaceAll('-', '')] };
  if (vr === 'TM') return { vr, Value: [value.replaceAll(':', '')] };
  return { vr, Value: [value] };
};

const retrieveUrl = (base: string, level: QueryLevel, row: SearchRow): string => {
  const study = `${base}/studies/${String(row['StudyInstanceUID'])}`;
  if (level === 'study') return study;
  const series = `${study}/series/${String(row['SeriesInstanceUID'])}`;
  return level === 'series' ? series : `${series}/instances/${String(row['SOPInstanceUID'])}`;
};

const isReturned = (attribute: QueryAttribute, { level, include, fixed }: Presentation): boolean => {
  if (!isWithin(attribute.level, level)) return false;
  if (UIDS.has(attribute.keyword) || include === 'all' || include.has(attribute.keyword)) return true;
  return attribute.always && !fixed.has(attribute.level);
};

/** A match as the DICOM JSON Model, tags in ascending order. */
export const searchRowJson = (row: SearchRow, presentation: Presentation): DicomJson => {
  const values: SearchRow = {
    ...row,
    InstanceAvailability: 'ONLINE',
    RetrieveURL: retrieveUrl(presentation.base, presentation.level, row),
  };
  const elements = QUERY_ATTRIBUTES.flatMap(
    (attribute): readonly (readonly [string, DicomJsonAttribute])[] => {
      const own = attribute.keyword === 'RetrieveURL' || attribute.keyword === 'InstanceAvailability';
      if (!own && !isReturned(attribute, presentation)) return [];
      return [[attribute.tag, rowElement(attribute.vr, values[attribute.keyword])]];
    },
  );
  return Object.fromEntries(
    [['00080005', { vr: 'CS', Value: ['ISO_IR 192'] }] as const, ...elements].toSorted(([a], [b]) =>
      a < b ? -1 : 1,
    ),
  );
};
