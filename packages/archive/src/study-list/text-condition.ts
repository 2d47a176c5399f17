import type { SqlCondition } from '../query/condition-sql.ts';
import type { SearchWord } from './search-words.ts';

const escaped = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

const all = (conditions: readonly SqlCondition[], glue: 'and' | 'or'): SqlCondition => ({
  sql: `(${conditions.map(({ sql }) => sql).join(` ${glue} `)})`,
  bindings: conditions.flatMap(({ bindings }) => bindings),
});

/** Every part begins some word of the name in `column`; words are what `name_words` of the schema makes of a name. */
export const nameHasParts = (column: string, parts: readonly string[]): SqlCondition =>
  parts.length === 0
    ? { sql: 'false', bindings: [] }
    : all(
        parts.map((part) => ({
          sql: `' ' || translate(${column}, '^=', '  ') like ?`,
          bindings: [`% ${escaped(part)}%`],
        })),
        'and',
      );

/** Some identifier of the study `s` or of its patient `p` begins with the text, in either case. */
const identifierBegins = (text: string): SqlCondition => {
  const pattern = escaped(text);
  return {
    sql: `(s.pat_id_folded like lower(?) || '%' or s.accession_folded like lower(?) || '%' or p.mrn_folded like lower(?) || '%'
      or exists (select 1 from patient_identifier k where k.patient_id = s.patient_id and k.value_folded like lower(?) || '%'))`,
    bindings: [pattern, pattern, pattern, pattern],
  };
};

/**
 * Whether study `s` with its patient `p` (left joined) is meant by a text: each word begins an identifier or, together
 * with the others, words of one name: the received one or the patient's. Or the whole text begins an identifier.
 */
export const textCondition = (text: string, words: readonly SearchWord[]): SqlCondition => {
  const within = (column: string): SqlCondition =>
    all(
      words.map(({ typed, parts }) => all([nameHasParts(column, parts), identifierBegins(typed)], 'or')),
      'and',
    );
  const either = [within('s.pat_name_folded'), within('p.name_folded')];
  return all(words.length === 1 ? either : [...either, identifierBegins(text.trim())], 'or');
};
