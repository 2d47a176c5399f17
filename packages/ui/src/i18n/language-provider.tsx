import { createContext, type ReactNode, useContext } from 'react';
import { I18nProvider } from 'react-aria-components';
import type { Language } from './messages.ts';

const LanguageContext = createContext<Language>('en');
/** What the dates and numbers of each language look like; React Aria takes its own words from it too. */
const LOCALES: Readonly<Record<Language, string>> = { en: 'en-US', fr: 'fr-FR', es: 'es-ES' };

/** Gives the language to everything below it; without one it is English. */
export const LanguageProvider = ({
  language,
  children,
}: {
  readonly language: Language;
  readonly children: ReactNode;
}) => (
  <LanguageContext value={language}>
    <I18nProvider locale={LOCALES[language]}>{children}</I18nProvider>
  </LanguageContext>
);

/** The language of the person. */
export const useLanguage = (): Language => useContext(LanguageContext);
