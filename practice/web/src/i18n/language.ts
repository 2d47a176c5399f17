import { LANGUAGES, type Language } from '@archwire/ui';
import { createChoice } from './create-choice.ts';

const isLanguage = (text: string): text is Language => LANGUAGES.some((language) => language === text);

/** The first language of the browser that the product speaks. */
const ofBrowser = (): Language =>
  navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en';

/** The language of this browser: chosen by the person, or else the browser's own. */
export const languageChoice = createChoice<Language>('archwire-language', isLanguage, ofBrowser);

const apply = (): void => {
  document.documentElement.lang = languageChoice.get();
};
languageChoice.subscribe(apply);
apply();
