import { type I18n, setupI18n } from '@lingui/core';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import type { Language, Messages, Values } from './messages.ts';

const loaded = new WeakMap<Messages, Map<Language, I18n>>();

const catalogue = (messages: Messages, language: Language): I18n => {
  const languages = loaded.get(messages) ?? new Map<Language, I18n>();
  loaded.set(messages, languages);
  const known = languages.get(language);
  if (known !== undefined) return known;
  const compiled = Object.fromEntries(
    Object.entries(messages[language]).map(([key, text]) => [key, compileMessage(text)]),
  );
  const i18n = setupI18n({ locale: language, messages: { [language]: compiled } });
  languages.set(language, i18n);
  return i18n;
};

/** A text in a language, its placeholders filled in. Components take `useText`. */
export const translate = <Key extends string>(
  messages: Messages<Key>,
  language: Language,
  key: Key,
  values?: Values,
): string => catalogue(messages, language)._(key, values === undefined ? undefined : { ...values });
