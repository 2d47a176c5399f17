import { AppError } from '@archwire/contracts';
import type { Condition } from './imaging-query.ts';
import type { QueryAttribute } from './query-attributes.ts';

/** A piece of a WHERE clause with `?` for its bindings. Column names come from our own table only, values never stand in the text. */
export interface SqlCondition {
  readonly sql: string;
  readonly bindings: readonly (string | number | readonly string[])[];
}

/** A DICOM wildcard pattern as a LIKE pattern with backslash as its escape. */
export const likePattern = (pattern: string): string =>
  pattern
    .replace(/[\\%_]/g, '\\$&')
    .replaceAll('*', '%')
    .replaceAll('?', '_');

/** Steps of `foldName` (packages/database) in SQL, for the one name that has no stored folded text. */
const FOLDING: readonly (readonly [pattern: string, replacement: string])[] = [
  ["['’`´]", ''],
  ['[^[:alnum:]*\\?^=]+', ' '],
  [' *([\\^=]) *', '\\1'],
  ['\\^+(=|$)', '\\1'],
  ['=+$', ''],
];

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const foldedSql = (column: string): string => {
  const plain = `lower(normalize(regexp_replace(normalize(${column}, NFKD), U&'[\\0300-\\036F]', '', 'g'), NFC))`;
  const letters = `replace(replace(translate(${plain}, 'øłđðı', 'olddi'), 'ß', 'ss'), 'æ', 'ae')`;
  const folded = FOLDING.reduce(
    (sql, [pattern, replacement]) =>
      `regexp_replace(${sql}, ${quoted(pattern)}, ${quoted(replacement)}, 'g')`,
    letters,
  );
  return `btrim(${folded})`;
};

const columnOf = (attribute: QueryAttribute): string => {
  if (attribute.column === null)
    throw new AppError('internal', `${attribute.keyword} has no column to match on.`);
  return attribute.column;
};

/** Each group of a name (`Alphabetic=Ideographic=Phonetic`) may match by itself, or the whole. */
const nameSql = (attribute: QueryAttribute, matcher: Condition['matcher']): SqlCondition | undefined => {
  const folded = attribute.foldedColumn ?? foldedSql(columnOf(attribute));
  const grouped = `('=' || ${folded} || '=')`;
  if (matcher.kind === 'words') {
    const words = `translate(' ' || ${folded}, '^=,', '   ')`;
    return {
      sql: matcher.words.map(() => `${words} like ?`).join(' and '),
      bindings: matcher.words.map((word) => `% ${likePattern(word)}%`),
    };
  }
  if (matcher.kind === 'wildcard')
    return { sql: `${grouped} like ?`, bindings: [`%=${likePattern(matcher.pattern)}=%`] };
  if (matcher.kind !== 'any-of') return undefined;
  const escaped = matcher.values.map((value) => `%=${value.replace(/[\\%_]/g, '\\$&')}=%`);
  return { sql: `${grouped} like any(?)`, bindings: [escaped] };
};

const modalitiesSql = (inner: SqlCondition): SqlCondition => ({
  sql: `exists (select 1 from study_modality m where m.tenant_id = s.tenant_id and m.study_id = s.id and ${inner.sql})`,
  bindings: inner.bindings,
});

const rangeSql = (column: string, cast: string, from: string | null, to: string | null): SqlCondition => ({
  sql: [from === null ? '' : `${column} >= ?${cast}`, to === null ? '' : `${column} <= ?${cast}`]
    .filter((part) => part !== '')
    .join(' and '),
  bindings: [from, to].filter((end) => end !== null),
});

/** The SQL of one condition: only operators that keep their index under row-level security, except for names and wildcards. */
export const conditionSql = ({ attribute, matcher }: Condition): SqlCondition => {
  if (attribute.matching === 'modalities') {
    if (matcher.kind === 'empty') {
      return {
        sql: 'not exists (select 1 from study_modality m where m.tenant_id = s.tenant_id and m.study_id = s.id)',
        bindings: [],
      };
    }
    return modalitiesSql(
      conditionSql({ attribute: { ...attribute, matching: 'text', column: 'm.modality' }, matcher }),
    );
  }
  const column = columnOf(attribute);
  const name = attribute.matching === 'name' ? nameSql(attribute, matcher) : undefined;
  if (name !== undefined) return name;
  switch (matcher.kind) {
    case 'empty':
      return { sql: `${column} is null`, bindings: [] };
    case 'integer':
      return { sql: `${column} = ?`, bindings: [matcher.value] };
    case 'range':
      return rangeSql(column, attribute.matching === 'date' ? '::date' : '', matcher.from, matcher.to);
    case 'wildcard':
      return matcher.ignoreCase === true
        ? { sql: `lower(${column}) like ?`, bindings: [likePattern(matcher.pattern.toLowerCase())] }
        : { sql: `${column} like ?`, bindings: [likePattern(matcher.pattern)] };
    case 'any-of':
      return attribute.matching === 'uid-code'
        ? { sql: `${column} in (select code from uid_code where uid = any(?))`, bindings: [matcher.values] }
        : { sql: `${column} = any(?)`, bindings: [matcher.values] };
    default:
      throw new AppError('internal', `${attribute.keyword} is not a name.`);
  }
};

/**
 * A range of days together with a range of times is one range of moments (PS3.4 C.2.2.2.5.1): Monday 22:00 to Tuesday 02:00
 * is four hours. Any other pair stays two conditions.
 */
export const combineDateTime = (
  date: Condition | undefined,
  time: Condition | undefined,
): readonly SqlCondition[] | undefined => {
  if (date?.matcher.kind !== 'range' || time?.matcher.kind !== 'range') return undefined;
  if (date.matcher.from === date.matcher.to) return undefined;
  const day = columnOf(date.attribute);
  const moment = columnOf(time.attribute);
  const end = (
    operator: '>=' | '<=',
    dayEnd: string | null,
    timeEnd: string | null,
  ): readonly SqlCondition[] => {
    if (dayEnd === null) return [];
    if (timeEnd === null) return [{ sql: `${day} ${operator} ?::date`, bindings: [dayEnd] }];
    return [{ sql: `(${day}, ${moment}) ${operator} (?::date, ?)`, bindings: [dayEnd, timeEnd] }];
  };
  return [
    ...end('>=', date.matcher.from, time.matcher.from),
    ...end('<=', date.matcher.to, time.matcher.to),
    { sql: `${moment} is not null`, bindings: [] },
  ];
};
