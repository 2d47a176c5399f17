import { AppError, isUidLenient } from '@archwire/contracts';
import { foldName } from '@archwire/database';
import type { Matcher } from './matcher.ts';
import { parseDateRange, parseTimeRange } from './parse-range.ts';
import type { QueryAttribute } from './query-attributes.ts';

export interface MatchingOptions {
  readonly fuzzy: boolean;
  /** Two quotation marks match what is absent or empty (PS3.4 C.2.2.2.7). */
  readonly emptyValue: boolean;
}

const MAX_LIST = 1000;

const invalid = (attribute: QueryAttribute, message: string): AppError =>
  new AppError('invalid', `${attribute.keyword}: ${message}`, { details: { attribute: attribute.keyword } });

const list = (attribute: QueryAttribute, text: string): readonly string[] => {
  const values = text
    .split(/[,\\]/)
    .map((value) => value.trim())
    .filter((value) => value !== '');
  if (values.length === 0) throw invalid(attribute, 'the list is empty.');
  if (values.length > MAX_LIST)
    throw invalid(attribute, `a list has at most ${MAX_LIST} values. Ask in several queries.`);
  return values;
};

const uids = (attribute: QueryAttribute, text: string): Matcher => {
  const values = list(attribute, text);
  if (!values.every(isUidLenient))
    throw invalid(attribute, 'a UID has at most 64 characters: digits and dots only.');
  return { kind: 'any-of', values };
};

const integer = (attribute: QueryAttribute, text: string): Matcher => {
  const value = Number(text);
  if (!/^[+-]?\d+$/.test(text) || Math.abs(value) >= 2 ** 31)
    throw invalid(attribute, 'this must be a whole number.');
  return { kind: 'integer', value };
};

const wildcardOrValue = (text: string, ignoreCase = false): Matcher =>
  /[*?]/.test(text) ? { kind: 'wildcard', pattern: text, ignoreCase } : { kind: 'any-of', values: [text] };

const name = (text: string, fuzzy: boolean): Matcher | undefined => {
  const folded = foldName(text);
  // Only punctuation: no name is like that.
  if (folded === null) return { kind: 'any-of', values: [] };
  if (!fuzzy) return wildcardOrValue(folded);
  const words = folded.split(/[\s^=,]+/).filter((word) => !/^\**$/.test(word));
  return words.length === 0 ? undefined : { kind: 'words', words };
};

/**
 * The condition that a value of a query puts on an attribute; `undefined` is universal matching (an empty value, or only
 * asterisks). Names match without case and accents; everything else exactly, or by wildcard where the VR allows it.
 * @throws AppError `invalid` when the value cannot be one of this attribute.
 */
export const parseMatcher = (
  attribute: QueryAttribute,
  value: string,
  options: MatchingOptions,
): Matcher | undefined => {
  const text = value.trim();
  if (text === '""') return options.emptyValue ? { kind: 'empty' } : undefined;
  if (/^\**$/.test(text)) return undefined;
  if (text.includes('\0')) throw invalid(attribute, 'this value has a character that is not allowed.');
  switch (attribute.matching) {
    case 'uid':
    case 'uid-code':
      return uids(attribute, text);
    case 'date':
      return { kind: 'range', ...parseDateRange(attribute.keyword, text) };
    case 'time':
      return { kind: 'range', ...parseTimeRange(attribute.keyword, text) };
    case 'integer':
      return integer(attribute, text);
    case 'name':
      return name(text, options.fuzzy);
    case 'modalities':
      return /[*?]/.test(text)
        ? { kind: 'wildcard', pattern: text }
        : { kind: 'any-of', values: list(attribute, text) };
    case 'text':
      // Who types into a viewer's filter box does not think of case; a program that asks exactly is answered exactly.
      return wildcardOrValue(text, options.fuzzy);
    default:
      throw invalid(attribute, 'this attribute is returned but cannot be matched on.');
  }
};
