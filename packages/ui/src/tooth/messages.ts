import { defineMessages } from '../i18n/messages.ts';

/** Words of the tooth picker. */
export const messages = defineMessages({
  en: {
    dentition: 'Dentition',
    permanent: 'Permanent',
    deciduous: 'Deciduous',
    upperRight: 'Upper right',
    upperLeft: 'Upper left',
    lowerLeft: 'Lower left',
    lowerRight: 'Lower right',
    none: 'No tooth chosen',
  },
  fr: {
    dentition: 'Denture',
    permanent: 'Permanente',
    deciduous: 'Temporaire',
    upperRight: 'En haut à droite',
    upperLeft: 'En haut à gauche',
    lowerLeft: 'En bas à gauche',
    lowerRight: 'En bas à droite',
    none: 'Aucune dent choisie',
  },
  es: {
    dentition: 'Dentición',
    permanent: 'Permanente',
    deciduous: 'Temporal',
    upperRight: 'Superior derecho',
    upperLeft: 'Superior izquierdo',
    lowerLeft: 'Inferior izquierdo',
    lowerRight: 'Inferior derecho',
    none: 'Ningún diente elegido',
  },
});
