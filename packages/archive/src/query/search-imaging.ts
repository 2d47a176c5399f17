import { combineDateTime, conditionSql, type SqlCondition } from './condition-sql.ts';
import { findNames } from './find-names.ts';
import type { Condition, ImagingQuery } from './imaging-query.ts';
import { isWithin, QUERY_ATTRIBUTES, type QueryLevel } from './query-attributes.ts';
import type { Transaction } from './transaction.ts';

/** One match: values by keyword, dates `YYYY-MM-DD`, times `HH:MM:SS(.ffffff)`, names with their groups. */
export type SearchRow = Readonly<Record<string, string | number | readonly string[] | null>>;

export interface SearchPage {
  readonly rows: readonly SearchRow[];
  /** There are more matches behind the last row. */
  readonly more: boolean;
}

const FROM: Readonly<Record<QueryLevel, string>> = {
  study: 'study s',
  series: 'series e join study s on s.tenant_id = e.tenant_id and s.id = e.study_id',
  instance: `instance i join series e on e.tenant_id = i.tenant_id and e.id = i.series_id
    join study s on s.tenant_id = e.tenant_id and s.id = e.study_id`,
};

/** Newest first. The index gives the days; inside a day PostgreSQL sorts the few that there are. */
const orderOf = (level: QueryLevel, undated: 'first' | 'last'): string => {
  const newest = `s.study_date desc nulls ${undated}, s.study_time desc nulls last, s.id desc`;
  if (level === 'study') return newest;
  const series = `${newest}, e.series_number asc nulls last, e.id`;
  return level === 'series' ? series : `${series}, i.instance_number asc nulls last, i.id`;
};

const SELECTED: Readonly<Record<string, string>> = {
  ModalitiesInStudy: `array(select m.modality from study_modality m
    where m.tenant_id = s.tenant_id and m.study_id = s.id order by m.modality)`,
  SOPClassUID: '(select u.uid from uid_code u where u.code = i.sop_class)',
  AvailableTransferSyntaxUID: '(select u.uid from uid_code u where u.code = i.transfer_syntax)',
};

const selection = (level: QueryLevel): string =>
  QUERY_ATTRIBUTES.flatMap(({ keyword, column, vr, level: at }) => {
    if (!isWithin(at, level)) return [];
    const expression = SELECTED[keyword] ?? (vr === 'DA' && column !== null ? `${column}::text` : column);
    return expression === null ? [] : [`${expression} as "${keyword}"`];
  }).join(', ');

const PAIRS: readonly (readonly [string, string])[] = [
  ['StudyDate', 'StudyTime'],
  ['SeriesDate', 'SeriesTime'],
  ['PerformedProcedureStepStartDate', 'PerformedProcedureStepStartTime'],
];

/** The WHERE parts of a query, date and time ranges combined. */
const whereParts = ({
  conditions,
  separateDateTime,
}: Pick<ImagingQuery, 'conditions' | 'separateDateTime'>): readonly SqlCondition[] => {
  if (separateDateTime === true) return conditions.map(conditionSql);
  const rest = new Set(conditions);
  const combined = PAIRS.flatMap(([dateKeyword, timeKeyword]) => {
    const date = conditions.find(({ attribute }) => attribute.keyword === dateKeyword);
    const time = conditions.find(({ attribute }) => attribute.keyword === timeKeyword);
    const parts = combineDateTime(date, time);
    if (parts === undefined || date === undefined || time === undefined) return [];
    rest.delete(date);
    rest.delete(time);
    return parts;
  });
  return [...combined, ...[...rest].map(conditionSql)];
};

interface Parts {
  readonly sql: string;
  readonly bindings: readonly (string | number | readonly string[])[];
}

/** One ordered run of matches, its place in the order as `_rank`. */
const run = (query: ImagingQuery, extra: readonly SqlCondition[], order: string, rejected = false): Parts => {
  const { level, limit, offset } = query;
  const parts = [...whereParts(query), ...extra];
  const where = [
    ...(rejected ? [] : ["s.match_state <> 'rejected'"]),
    ...parts.map(({ sql }) => `(${sql})`),
  ].join(' and ');
  return {
    sql: `(select row_number() over (order by ${order}) as "_rank", ${selection(level)}
      from ${FROM[level]} where ${where} order by ${order} limit ?)`,
    bindings: [...parts.flatMap(({ bindings }) => bindings), limit + offset + 1],
  };
};

const asksFor = ({ conditions }: ImagingQuery, keyword: string): boolean =>
  conditions.some(({ attribute }) => attribute.keyword === keyword);

/** Keys whose exact values leave so few matches that sorting them costs nothing. */
const SELECTIVE: ReadonlySet<string> = new Set([
  'StudyInstanceUID',
  'SeriesInstanceUID',
  'SOPInstanceUID',
  'PatientID',
  'AccessionNumber',
]);

const isSelective = ({ conditions }: ImagingQuery): boolean =>
  conditions.some(({ attribute, matcher }) => SELECTIVE.has(attribute.keyword) && matcher.kind === 'any-of');

const namesStudies = ({ conditions }: ImagingQuery): boolean =>
  conditions.some(
    ({ attribute, matcher }) => attribute.keyword === 'StudyInstanceUID' && matcher.kind === 'any-of',
  );

/**
 * Studies without a date come after all that have one. Asked for in one order, PostgreSQL could not use the index, in which
 * they come first; so these are two runs, one behind the other. Few matches are simply sorted.
 */
const runs = (query: ImagingQuery, seesRejected: boolean): Parts => {
  const first = orderOf(query.level, 'first');
  if (isSelective(query) || asksFor(query, 'StudyDate')) {
    const order = isSelective(query) ? orderOf(query.level, 'last') : first;
    const only = run(query, [], order, seesRejected && namesStudies(query));
    return { sql: `select * from ${only.sql} found order by "_rank"`, bindings: only.bindings };
  }
  const dated = run(query, [{ sql: 's.study_date is not null', bindings: [] }], first);
  const undated = run(query, [{ sql: 's.study_date is null', bindings: [] }], first);
  return {
    sql: `select * from (select 0 as "_run", d.* from ${dated.sql} d union all select 1, u.* from ${undated.sql} u) found
      order by "_run", "_rank"`,
    bindings: [...dated.bindings, ...undated.bindings],
  };
};

/** A condition on a name that is stored folded becomes one on the names that it finds, which are an index away. */
const byKnownNames = async (trx: Transaction, condition: Condition): Promise<Condition> => {
  const { attribute, matcher } = condition;
  const { foldedColumn } = attribute;
  if (foldedColumn === undefined || matcher.kind === 'empty') return condition;
  const judged = conditionSql({ attribute: { ...attribute, foldedColumn: 't.name' }, matcher });
  const names = await findNames(trx, matcher, judged);
  return names === undefined
    ? condition
    : {
        attribute: { ...attribute, matching: 'text', column: foldedColumn },
        matcher: { kind: 'any-of', values: names },
      };
};

/**
 * Searches the index of the transaction's tenant. Rejected studies are found only by their UID, and only by those who may
 * decide about them: they belong to nobody's list, but a person must be able to look at what to decide. One statement, its text made from our own
 * table of attributes; every value is a binding.
 */
export const searchImaging = async (
  trx: Transaction,
  query: ImagingQuery,
  seesRejected = false,
): Promise<SearchPage> => {
  const conditions: Condition[] = [];
  for (const condition of query.conditions) conditions.push(await byKnownNames(trx, condition));
  const { sql, bindings } = runs({ ...query, conditions }, seesRejected);
  const { rows }: { rows: SearchRow[] } = await trx.raw(`${sql} limit ? offset ?`, [
    ...bindings.map((binding) => (typeof binding === 'object' ? [...binding] : binding)),
    query.limit + 1,
    query.offset,
  ]);
  return { rows: rows.slice(0, query.limit), more: rows.length > query.limit };
};
