import { accountsApi } from '@archwire/contracts/api/accounts';
import type { Language } from '@archwire/ui';
import { useAction } from '../api/use-action.ts';
import { languageChoice } from '../i18n/language.ts';
import { type Theme, themeChoice } from './theme.ts';

/** Language and theme of the person: both take effect at once, and the server keeps them for other browsers. */
export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
  readonly chooseLanguage: (language: Language) => void;
  readonly chooseTheme: (theme: Theme) => void;
}

/** Lets a person choose. A server that cannot be reached costs only the other browsers. */
export const usePreferences = (): Preferences => {
  const { mutate } = useAction(accountsApi.changeProfile, { changes: [accountsApi.me] });
  return {
    language: languageChoice.use(),
    theme: themeChoice.use(),
    chooseLanguage: (language) => {
      languageChoice.set(language);
      mutate({ body: { language } });
    },
    chooseTheme: (theme) => {
      themeChoice.set(theme);
      mutate({ body: { theme } });
    },
  };
};
