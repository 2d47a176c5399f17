/** The languages of the product. Every text exists in all of them. */
export const LANGUAGES = ['en', 'fr', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Values of the placeholders of a text. */
export type Values = Readonly<Record<string, string | number>>;

/** Texts of one slice in every language: ICU MessageFormat (`{count, plural, one {# study} other {# studies}}`). */
export type Messages<Key extends string = string> = Readonly<Record<Language, Readonly<Record<Key, string>>>>;

/** Declares the texts of a slice; a key that is missing in a language, or is only in one, is a type error. */
export const defineMessages = <const Texts extends Readonly<Record<string, string>>>(messages: {
  readonly en: Texts;
  readonly fr: Readonly<Record<keyof Texts, string>>;
  readonly es: Readonly<Record<keyof Texts, string>>;
}): Messages<Extract<keyof Texts, string>> => messages;
