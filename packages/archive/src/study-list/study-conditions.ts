import type { SqlCondition } from '../query/condition-sql.ts';
import { searchWords } from './search-words.ts';
import type { StudyFilter } from './study-filter.ts';
import { textCondition } from './text-condition.ts';
import { viewsOfKinds } from './views-of-kinds.ts';

const anyOf = (sql: string, values: readonly string[]): readonly SqlCondition[] =>
  values.length === 0 ? [] : [{ sql, bindings: [values] }];

/** The days at which the studies `s` stand. */
export const days = ({ from, to }: Pick<StudyFilter, 'from' | 'to'>): readonly SqlCondition[] => [
  ...(from === undefined ? [] : [{ sql: 's.on_date >= ?::date', bindings: [from] }]),
  ...(to === undefined ? [] : [{ sql: 's.on_date <= ?::date', bindings: [to] }]),
];

/** What narrows the walk itself, by the columns of its index. */
export const walkConditions = ({ from, to, locationIds }: StudyFilter): readonly SqlCondition[] => [
  ...days({ from, to }),
  ...(locationIds.length === 1 ? anyOf('s.location_id = (?::uuid[])[1]', locationIds) : []),
];

/** The rest of a filter, judged row by row on study `s` and its patient `p`. */
export const rowConditions = (filter: StudyFilter): readonly SqlCondition[] => [
  ...(filter.text.trim() === '' ? [] : [textCondition(filter.text, searchWords(filter.text))]),
  ...anyOf(
    'exists (select 1 from study_modality m where m.study_id = s.id and m.modality = any(?))',
    filter.modalities,
  ),
  ...anyOf(
    // Of the slices of a volume nothing is noted: their modality says enough.
    `(exists (select 1 from study_view v where v.study_id = s.id and v.view = any(?))${
      filter.kinds.includes('cbct')
        ? " or exists (select 1 from study_modality m where m.study_id = s.id and m.modality = 'CT')"
        : ''
    })`,
    viewsOfKinds(filter.kinds),
  ),
  ...anyOf(
    'exists (select 1 from study_device d where d.study_id = s.id and d.device_id = any(?::uuid[]))',
    filter.deviceIds,
  ),
  ...(filter.locationIds.length > 1 ? anyOf('s.location_id = any(?::uuid[])', filter.locationIds) : []),
  ...anyOf('s.match_state = any(?)', filter.states),
  ...(filter.states.length === 0 ? [{ sql: "s.match_state <> 'rejected'", bindings: [] }] : []),
];
