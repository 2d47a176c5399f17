import { defineMessages } from '@archwire/ui';

export const messages = defineMessages({
  en: { title: 'Studies', viewer: 'Open the viewer' },
  fr: { title: 'Examens', viewer: 'Ouvrir la visionneuse' },
  es: { title: 'Estudios', viewer: 'Abrir el visor' },
});
