import { defineMessages } from '@archwire/ui';

/** Words of the buttons that other pages show; the dialogs bring theirs when they are opened. */
export const buttonMessages = defineMessages({
  en: { export: 'Export…', share: 'Share…' },
  fr: { export: 'Exporter…', share: 'Partager…' },
  es: { export: 'Exportar…', share: 'Compartir…' },
});
