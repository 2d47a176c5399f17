import { defineMessages } from '@archwire/ui';

/** Apart from the page's, because the bell is on every page. */
export const bellMessages = defineMessages({
  en: { bell: '{count, plural, =0 {No new alerts} one {# new alert} other {# new alerts}}' },
  fr: {
    bell: '{count, plural, =0 {Aucune nouvelle alerte} one {# nouvelle alerte} other {# nouvelles alertes}}',
  },
  es: { bell: '{count, plural, =0 {Ninguna alerta nueva} one {# alerta nueva} other {# alertas nuevas}}' },
});
