import { useEffect } from 'react';
import { useMe } from '../api/use-me.ts';
import { languageChoice } from '../i18n/language.ts';
import { themeChoice } from './theme.ts';

/** What the server keeps is taken over whenever it says something new: at sign-in, and after a change elsewhere. */
export const useKeptPreferences = (): void => {
  const me = useMe();
  const language = me?.language;
  const theme = me?.theme;
  useEffect(() => {
    if (language !== undefined && language !== null) languageChoice.set(language);
  }, [language]);
  useEffect(() => {
    if (theme !== undefined) themeChoice.set(theme);
  }, [theme]);
};
