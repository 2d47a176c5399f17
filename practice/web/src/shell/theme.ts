import { createChoice } from '../i18n/create-choice.ts';

export type Theme = 'system' | 'light' | 'dark';
const isTheme = (text: string): text is Theme => ['system', 'light', 'dark'].includes(text);

/** The theme of this browser; `public/theme.js` reads the same key before the first paint. */
export const themeChoice = createChoice<Theme>('archwire-theme', isTheme, () => 'system');

const apply = (): void => {
  const theme = themeChoice.get();
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
};
themeChoice.subscribe(apply);
apply();
