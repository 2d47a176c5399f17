import { defineMessages } from '@archwire/ui';

/** Apart from the page's texts, which are not needed before it is opened. */
export const pillMessages = defineMessages({
  en: { percent: 'Import: {percent}', paused: 'Import waits', opening: 'Import: opening archives' },
  fr: {
    percent: 'Importation : {percent}',
    paused: 'Importation en attente',
    opening: 'Importation : ouverture des archives',
  },
  es: {
    percent: 'Importación: {percent}',
    paused: 'Importación en espera',
    opening: 'Importación: abriendo archivos',
  },
});
