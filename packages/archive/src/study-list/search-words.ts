import { foldName } from '@archwire/database';

/** One word of a search text, as typed. */
export interface SearchWord {
  readonly typed: string;
  /** Each begins some word of one and the same name. None: only an identifier can be meant. */
  readonly parts: readonly string[];
}

const MAX_WORDS = 8;

/** The words of a search text; `*` and `?`, which other search fields know, mean nothing here. */
export const searchWords = (text: string): readonly SearchWord[] =>
  text
    .split(/\s+/)
    .filter((typed) => typed !== '')
    .slice(0, MAX_WORDS)
    .map((typed) => ({
      typed,
      parts: (foldName(typed.replaceAll(/[*?]/g, '')) ?? '').split(/[\s^=]+/).filter((part) => part !== ''),
    }));
