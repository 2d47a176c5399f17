import type { SqlCondition } from './condition-sql.ts';
import type { Matcher } from './matcher.ts';
import type { Transaction } from './transaction.ts';

/** Studies of so many names are found one name after the other; who asks for more finds them soon by their date. */
const MOST = 1000;

/** An index entry holds this much of a word. */
const literal = (pattern: string): string => /^[^*?^=\s]{0,64}/u.exec(pattern)?.[0] ?? '';

/** What some word of every name that matches begins with; empty when nothing is sure. */
const beginning = (matcher: Matcher): string => {
  if (matcher.kind === 'wildcard') return literal(matcher.pattern);
  const [value = '', ...others] = matcher.kind === 'any-of' ? matcher.values : [];
  if (matcher.kind === 'any-of') return others.length === 0 ? literal(value) : '';
  if (matcher.kind !== 'words') return '';
  return matcher.words.map(literal).toSorted((a, b) => b.length - a.length)[0] ?? '';
};

/**
 * The folded names of the tenant that a condition on Patient's Name finds, of which there are far fewer than studies;
 * `undefined` when they are too many to be of use. `condition` judges the name in the column `t.name`.
 */
export const findNames = async (
  trx: Transaction,
  matcher: Matcher,
  condition: SqlCondition,
): Promise<readonly string[] | undefined> => {
  const first = beginning(matcher);
  const range = first === '' ? '' : `t.token >= ? and t.token < ? || U&'\\+10FFFF' and`;
  const { rows }: { rows: { name: string }[] } = await trx.raw(
    `select distinct t.name from name_token t where ${range} ${condition.sql} limit ${MOST + 1}`,
    [
      ...(first === '' ? [] : [first, first]),
      ...condition.bindings.map((value) => (typeof value === 'object' ? [...value] : value)),
    ],
  );
  return rows.length > MOST ? undefined : rows.map(({ name }) => name);
};
