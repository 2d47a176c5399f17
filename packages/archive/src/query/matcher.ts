/**
 * One condition on one attribute, after parsing (PS3.4 section C.2.2.2). Dates are `YYYY-MM-DD`, times `HH:MM:SS.ffffff`,
 * names folded by `foldName` of the database package. Universal matching has no matcher.
 */
export type Matcher =
  | { readonly kind: 'any-of'; readonly values: readonly string[] }
  /** `*` stands for any text, `?` for one character. */
  | { readonly kind: 'wildcard'; readonly pattern: string; readonly ignoreCase?: boolean }
  /** Both ends inclusive; `null` is open. */
  | { readonly kind: 'range'; readonly from: string | null; readonly to: string | null }
  | { readonly kind: 'integer'; readonly value: number }
  /** Every word begins some word of the name, in any order; `*` and `?` inside a word as above. */
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'empty' };
