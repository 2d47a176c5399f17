import type { SqlCondition } from '../query/condition-sql.ts';
import type { Transaction } from '../query/transaction.ts';
import type { SearchLimits } from './search-limits.ts';
import { searchWords } from './search-words.ts';
import type { StudyFilter, StudySort } from './study-filter.ts';
import { nameHasParts } from './text-condition.ts';

const LAST = `U&'\\+10FFFF'`;

const begins = (column: string): string =>
  `${column} >= lower(?) collate "C" and ${column} < lower(?) collate "C" || ${LAST}`;
/** One more than is wanted tells that there are too many. */
const limited = (sql: string, { candidates }: SearchLimits): string => `(${sql} limit ${candidates + 1})`;

/** An index entry holds this much of a word. */
const prefixOf = (part: string): string => /^.{0,64}/su.exec(part)?.[0] ?? '';

/** Studies that the text may mean: by a name that has all its words, or by an identifier that begins with one of them. */
const byText = (text: string, limits: SearchLimits): SqlCondition => {
  const upTo = limits.candidates + 1;
  const studies = (sql: string): string => limited(sql, limits);
  const studiesOf = (patients: string): string =>
    studies(`select st.id from (${patients}) who
    cross join lateral (select st.id from study st where st.patient_id = who.id limit ${upTo}) st`);
  const words = searchWords(text);
  const parts = words.flatMap((word) => word.parts);
  const longest = prefixOf(parts.toSorted((a, b) => b.length - a.length)[0] ?? '');
  const named = nameHasParts('t.name', parts);
  const names = {
    sql: `select distinct t.name from name_token t where ${begins('t.token')} and ${named.sql} limit ${limits.names + 1}`,
    bindings: [longest, longest, ...named.bindings],
  };
  const byName =
    longest === '' || words.some((word) => word.parts.length === 0)
      ? []
      : [
          studies(`select st.id from names n
            cross join lateral (select st.id from study st where st.pat_name_folded = n.name limit ${upTo}) st`),
          studiesOf(`select p.id from names n
            cross join lateral (select p.id from patient p where p.name_folded = n.name limit ${upTo}) p`),
        ];
  const starts = [...new Set([...words.map(({ typed }) => typed), text.trim()])];
  const byIdentifier = starts.map(() =>
    [
      studies(`select st.id from study st where ${begins('st.pat_id_folded')}`),
      studies(`select st.id from study st where ${begins('st.accession_folded')}`),
      studiesOf(studies(`select p.id from patient p where ${begins('p.mrn_folded')}`)),
      studiesOf(
        `select distinct k.id from ${studies(`select k.patient_id as id from patient_identifier k where ${begins('k.value_folded')}`)} k`,
      ),
    ].join(' union all '),
  );
  return {
    // A list of names that was cut off would hide studies: it counts as too many of them.
    sql: `with names as materialized (${byName.length === 0 ? 'select null::text as name where false' : names.sql})
      select distinct id from (${[...byName, ...byIdentifier].join(' union all ')}) found
      union all select null from generate_series(0, ${limits.candidates}) where (select count(*) from names) > ${limits.names}`,
    bindings: [
      ...(byName.length === 0 ? [] : names.bindings),
      ...starts.flatMap((start) => Array.from({ length: 8 }, () => start)),
    ],
  };
};

/** What may leave few studies, each by an index of its own. What orders the walk anyway is not among them. */
const choices = (filter: StudyFilter, sort: StudySort, limits: SearchLimits): readonly SqlCondition[] => {
  const { text, modalities, deviceIds, locationIds, states, from, to } = filter;
  const found: SqlCondition[] = [];
  if (text.trim() !== '') found.push(byText(text, limits));
  if (modalities.length > 0)
    found.push({
      sql: 'select distinct m.study_id as id from study_modality m where m.modality = any(?)',
      bindings: [modalities],
    });
  if (deviceIds.length > 0)
    found.push({
      sql: 'select distinct d.study_id as id from study_device d where d.device_id = any(?::uuid[])',
      bindings: [deviceIds],
    });
  if (states.length === 1 && states[0] !== undefined && states[0] !== 'auto' && states[0] !== 'matched')
    found.push({ sql: `select st.id from study st where st.match_state = '${states[0]}'`, bindings: [] });
  if (locationIds.length > 0 && (sort === 'received' || locationIds.length > 1))
    found.push({
      sql: 'select st.id from study st where st.location_id = any(?::uuid[])',
      bindings: [locationIds],
    });
  if (sort === 'received' && (from !== undefined || to !== undefined))
    found.push({
      sql: `select st.id from study st where ${[...(from === undefined ? [] : ['st.on_date >= ?::date']), ...(to === undefined ? [] : ['st.on_date <= ?::date'])].join(' and ')}`,
      bindings: [from, to].filter((day) => day !== undefined),
    });
  return found;
};

/**
 * Ids among which everything is that the filter finds, the fewest that one of its parts leaves; `undefined` when each
 * leaves more than can be sorted. They may be too many: the whole filter still decides.
 */
export const findCandidates = async (
  trx: Transaction,
  filter: StudyFilter,
  sort: StudySort,
  limits: SearchLimits,
): Promise<readonly string[] | undefined> => {
  const sets = choices(filter, sort, limits);
  if (sets.length === 0) return undefined;
  const { rows }: { rows: { ids: string[] | null }[] } = await trx.raw(
    sets
      .map(
        ({ sql }) =>
          `select case when count(*) <= ${limits.candidates} then coalesce(array_agg(c.id::text), '{}') end as ids
             from (select * from (${sql}) every limit ${limits.candidates + 1}) c`,
      )
      .join(' union all '),
    sets.flatMap(({ bindings }) => bindings.map((value) => (typeof value === 'object' ? [...value] : value))),
  );
  return rows.flatMap(({ ids }) => (ids === null ? [] : [ids])).toSorted((a, b) => a.length - b.length)[0];
};
