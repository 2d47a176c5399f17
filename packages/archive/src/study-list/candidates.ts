import type { SqlCondition } from '../query/condition-sql.ts';
import type { Transaction } from '../query/transaction.ts';
import type { SearchLimits } from './search-limits.ts';
import { searchWords } from './search-words.ts';
import { days } from './study-conditions.ts';
import { behind, orderOf, type StudyCursor } from './study-cursor.ts';
import type { StudyFilter, StudySort } from './study-filter.ts';
import { nameHasParts } from './text-condition.ts';
import { viewsOfKinds } from './views-of-kinds.ts';

const LAST = `U&'\\+10FFFF'`;

const begins = (column: string): string =>
  `${column} >= lower(?) collate "C" and ${column} < lower(?) collate "C" || ${LAST}`;
/** One more than is wanted tells that there are too many. */
const limited = (sql: string, most: number): string => `(${sql} limit ${most + 1})`;

/** Where a study stands in the list; the indexes of names and identifiers hold it, so that no row is read for it. */
const PLACE = 'st.id, st.on_date, st.on_time';

/** An index entry holds this much of a word. */
const prefixOf = (part: string): string => /^.{0,64}/su.exec(part)?.[0] ?? '';

/** Studies that the text may mean: by a name that has all its words, or by an identifier that begins with one of them. */
const byText = (text: string, limits: SearchLimits): SqlCondition => {
  const some = (sql: string): string => limited(sql, limits.candidates);
  const studiesOf = (patients: string): string =>
    some(`select st.* from (${patients}) who
    cross join lateral ${some(`select ${PLACE} from study st where st.patient_id = who.id`)} st`);
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
          some(`select st.* from names n
            cross join lateral ${some(`select ${PLACE} from study st where st.pat_name_folded = n.name`)} st`),
          studiesOf(`select p.id from names n
            cross join lateral ${some('select p.id from patient p where p.name_folded = n.name')} p`),
        ];
  const starts = [...new Set([...words.map(({ typed }) => typed), text.trim()])];
  const byIdentifier = starts.map(() =>
    [
      some(`select ${PLACE} from study st where ${begins('st.pat_id_folded')}`),
      some(`select ${PLACE} from study st where ${begins('st.accession_folded')}`),
      studiesOf(some(`select p.id from patient p where ${begins('p.mrn_folded')}`)),
      studiesOf(
        `select distinct k.id from ${some(`select k.patient_id as id from patient_identifier k where ${begins('k.value_folded')}`)} k`,
      ),
    ].join(' union all '),
  );
  return {
    // A list of names that was cut off would hide studies: it counts as too many of them.
    sql: `with names as materialized (${byName.length === 0 ? 'select null::text as name where false' : names.sql})
      select null::uuid as id, null::date as on_date, null as on_time from generate_series(0, ${limits.candidates})
       where (select count(*) from names) > ${limits.names}
      union all ${[...byName, ...byIdentifier].join(' union all ')}`,
    bindings: [
      ...(byName.length === 0 ? [] : names.bindings),
      ...starts.flatMap((start) => Array.from({ length: 8 }, () => start)),
    ],
  };
};

/** Studies that one part of a filter leaves. */
interface Choice extends SqlCondition {
  /** The rows have the place of each study beside its `id`. */
  readonly placed: boolean;
  readonly most: number;
}

/** What may leave few studies, each by an index of its own. What orders the walk anyway is not among them. */
const choices = (filter: StudyFilter, sort: StudySort, limits: SearchLimits): readonly Choice[] => {
  const { text, modalities, kinds, deviceIds, locationIds, states, from, to } = filter;
  const found: Choice[] = [];
  const add = (sql: string, bindings: SqlCondition['bindings']): void => {
    found.push({ sql, bindings, placed: false, most: limits.rows });
  };
  if (text.trim() !== '') found.push({ ...byText(text, limits), placed: true, most: limits.candidates });
  if (modalities.length > 0)
    add('select distinct m.study_id as id from study_modality m where m.modality = any(?)', [modalities]);
  if (kinds.length > 0 && !kinds.includes('cbct'))
    add('select distinct v.study_id as id from study_view v where v.view = any(?)', [viewsOfKinds(kinds)]);
  if (deviceIds.length > 0)
    add('select distinct d.study_id as id from study_device d where d.device_id = any(?::uuid[])', [
      deviceIds,
    ]);
  if (states.length === 1 && states[0] !== undefined && states[0] !== 'auto' && states[0] !== 'matched')
    add(`select st.id from study st where st.match_state = '${states[0]}'`, []);
  if (locationIds.length > 0 && (sort === 'received' || locationIds.length > 1))
    add('select st.id from study st where st.location_id = any(?::uuid[])', [locationIds]);
  if (sort === 'received' && (from !== undefined || to !== undefined))
    add(
      `select st.id from study st where ${[...(from === undefined ? [] : ['st.on_date >= ?::date']), ...(to === undefined ? [] : ['st.on_date <= ?::date'])].join(' and ')}`,
      [from, to].filter((day) => day !== undefined),
    );
  return found;
};

/** Ids among which everything is that a filter finds. */
export interface Candidates {
  readonly ids: readonly string[];
  /** They stand in the order of the list, and none before the cursor is among them. */
  readonly inOrder: boolean;
}

/**
 * The fewest studies that one part of the filter leaves behind the cursor; `undefined` when each leaves more than can be
 * sorted. They may be too many: the whole filter still decides.
 */
export const findCandidates = async (
  trx: Transaction,
  filter: StudyFilter,
  sort: StudySort,
  limits: SearchLimits,
  cursor?: StudyCursor,
): Promise<Candidates | undefined> => {
  const sets = choices(filter, sort, limits);
  if (sets.length === 0) return undefined;
  const parts = sets.map(({ sql, bindings, placed, most }, nth) => {
    const inOrder = placed || sort === 'received';
    const behindIt = inOrder ? [...behind(cursor, sort), ...(placed ? days(filter) : [])] : [];
    return {
      sql: `select ${nth} as nth, case when (select count(*) from set${nth}) <= ${most} then
              (select coalesce(array_agg(s.id::text${inOrder ? ` order by ${orderOf(sort)}` : ''}), '{}')
                 from (select distinct * from set${nth}) s
                where true ${behindIt.map((one) => `and ${one.sql}`).join(' ')}) end as ids`,
      set: `set${nth} as materialized (select * from (${sql}) every limit ${most + 1})`,
      bindings,
      behindIt: behindIt.flatMap((one) => one.bindings),
      inOrder,
    };
  });
  const { rows }: { rows: { nth: number; ids: string[] | null }[] } = await trx.raw(
    `with ${parts.map(({ set }) => set).join(', ')} ${parts.map(({ sql }) => sql).join(' union all ')}`,
    [...parts.flatMap(({ bindings }) => bindings), ...parts.flatMap(({ behindIt }) => behindIt)].map(
      (value) => (typeof value === 'object' ? [...value] : value),
    ),
  );
  return rows
    .flatMap(({ nth, ids }) => (ids === null ? [] : [{ ids, inOrder: parts[nth]?.inOrder ?? false }]))
    .toSorted((a, b) => a.ids.length - b.ids.length)[0];
};
