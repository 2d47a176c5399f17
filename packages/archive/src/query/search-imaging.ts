import { combineDateTime, conditionSql, type SqlCondition } from './condition-sql.ts';
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

/** Newest first, as the index lies: a study without a date comes before those with one. Inside a study the order of its numbers. */
const NEWEST = 's.study_date desc, s.id desc';
const IN_SERIES = 'e.series_number asc nulls last, e.id';
const ORDER: Readonly<Record<QueryLevel, string>> = {
  study: NEWEST,
  series: `${NEWEST}, ${IN_SERIES}`,
  instance: `${NEWEST}, ${IN_SERIES}, i.instance_number asc nulls last, i.id`,
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
const whereParts = (conditions: readonly Condition[]): readonly SqlCondition[] => {
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

/**
 * Searches the index of the transaction's tenant. Rejected studies are not found. One statement, its text made from our own
 * table of attributes; every value is a binding.
 */
export const searchImaging = async (trx: Transaction, query: ImagingQuery): Promise<SearchPage> => {
  const parts = whereParts(query.conditions);
  const where = ["s.match_state <> 'rejected'", ...parts.map(({ sql }) => `(${sql})`)].join(' and ');
  const bindings = parts.flatMap((part) =>
    part.bindings.map((binding) => (typeof binding === 'object' ? [...binding] : binding)),
  );
  const { rows }: { rows: SearchRow[] } = await trx.raw(
    `select ${selection(query.level)} from ${FROM[query.level]} where ${where}
     order by ${ORDER[query.level]} limit ? offset ?`,
    [...bindings, query.limit + 1, query.offset],
  );
  return { rows: rows.slice(0, query.limit), more: rows.length > query.limit };
};
