import type { Transaction } from '../query/transaction.ts';
import { searchWords } from './search-words.ts';

const MOST = 5;

/**
 * For a text that finds nothing: the same text with its first word that begins no known name replaced by words that are
 * spelled alike or hold it inside.
 */
export const similarTexts = async (trx: Transaction, text: string): Promise<readonly string[]> => {
  const words = searchWords(text);
  for (const [at, { parts }] of words.entries()) {
    const [part] = parts;
    if (part === undefined || parts.length > 1 || /\d/.test(part)) continue;
    const { rows }: { rows: { known: boolean; words: string[] }[] } = await trx.raw(
      `select exists (select 1 from name_token t where t.token >= ? and t.token < ? || U&'\\+10FFFF') as known,
              array(select word from similar_words(?, ?)) as words`,
      [part, part, part, MOST],
    );
    const [row] = rows;
    if (row === undefined || row.known) continue;
    return row.words.map((word) => words.map(({ typed }, index) => (index === at ? word : typed)).join(' '));
  }
  return [];
};
