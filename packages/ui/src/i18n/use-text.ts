import { useCallback } from 'react';
import { useLanguage } from './language-provider.tsx';
import type { Messages, Values } from './messages.ts';
import { translate } from './translate.ts';

/** The texts of a slice in the language of the person: `text('imagesCount', { count: 3 })`. */
export const useText = <Key extends string>(
  messages: Messages<Key>,
): ((key: Key, values?: Values) => string) => {
  const language = useLanguage();
  return useCallback(
    (key: Key, values?: Values) => translate(messages, language, key, values),
    [messages, language],
  );
};
