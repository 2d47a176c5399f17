/** Everything that the extension says to a person. Status codes that need their own sentence are keys by themselves. */
export interface Texts {
  notShown: string;
  undecodable: string;
  otherStatus(status: number): string;
  byStatus: Readonly<Record<number, string>>;
  imageMissing: string;
  volumeGaps(missing: number, all: number): string;
  back: {
    label: string;
    timeline(name: string): string;
    study: string;
    untitled: string;
    noName: string;
    day(offset: number): string;
  };
  calibration: Readonly<Record<'fiducial' | 'geometry' | 'detector' | 'unknown' | 'none' | 'title', string>>;
}

const en: Texts = {
  notShown: 'Image not shown',
  undecodable: 'The image could not be loaded or decoded. A black area is NOT the image: reload.',
  otherStatus: (status) => `The server answered ${status}. Reload; if it stays, tell your administrator.`,
  byStatus: {
    401: 'Your session has ended. Sign in again to see this image.',
    403: 'You are not allowed to see this image. Ask an administrator for access.',
    404: 'The image was not found in the archive. It may have been removed.',
    406: 'The server cannot send this image in a form that the viewer reads. Download the original instead.',
    429: 'Too many requests at once. Wait a moment, then reload.',
    503: 'The archive is not available at the moment. Wait a moment, then reload.',
  },
  imageMissing: 'This image could not be shown. What you see is NOT the image.',
  volumeGaps: (missing, all) => `${missing} of ${all} images of this volume could not be shown.`,
  back: {
    label: 'Back to the patient',
    timeline: (name) => `Back to the timeline of ${name || 'this patient'}`,
    study: 'Open the page of this study',
    untitled: 'Study',
    noName: 'No name',
    day: (offset) => `day ${offset}`,
  },
  calibration: {
    title: 'Calibration',
    fiducial: 'mm: calibrated on a fiducial',
    geometry: 'mm: corrected by geometry',
    detector: 'mm at the detector, not calibrated',
    unknown: 'mm of unknown calibration',
    none: 'No calibration: lengths are in pixels',
  },
};

const fr: Texts = {
  notShown: 'Image non affichée',
  undecodable:
    "L'image n'a pas pu être chargée ou décodée. Une zone noire n'est PAS l'image : rechargez la page.",
  otherStatus: (status) =>
    `Le serveur a répondu ${status}. Rechargez la page ; si cela persiste, prévenez votre administrateur.`,
  byStatus: {
    401: 'Votre session est terminée. Reconnectez-vous pour voir cette image.',
    403: "Vous n'avez pas le droit de voir cette image. Demandez l'accès à un administrateur.",
    404: "L'image est introuvable dans l'archive. Elle a peut-être été supprimée.",
    406: "Le serveur ne peut pas envoyer cette image sous une forme lisible ici. Téléchargez plutôt l'original.",
    429: 'Trop de requêtes à la fois. Attendez un instant, puis rechargez la page.',
    503: "L'archive est indisponible pour le moment. Attendez un instant, puis rechargez la page.",
  },
  imageMissing: "Cette image n'a pas pu être affichée. Ce que vous voyez n'est PAS l'image.",
  volumeGaps: (missing, all) => `${missing} images sur ${all} de ce volume n'ont pas pu être affichées.`,
  back: {
    label: 'Retour au patient',
    timeline: (name) => `Retour à la chronologie de ${name || 'ce patient'}`,
    study: 'Ouvrir la page de cet examen',
    untitled: 'Examen',
    noName: 'Sans nom',
    day: (offset) => `jour ${offset}`,
  },
  calibration: {
    title: 'Étalonnage',
    fiducial: 'mm : étalonnés sur un repère',
    geometry: 'mm : corrigés par la géométrie',
    detector: 'mm au détecteur, non étalonnés',
    unknown: "mm d'étalonnage inconnu",
    none: 'Sans étalonnage : longueurs en pixels',
  },
};

const es: Texts = {
  notShown: 'Imagen no mostrada',
  undecodable:
    'No se pudo cargar o decodificar la imagen. Una zona negra NO es la imagen: recargue la página.',
  otherStatus: (status) =>
    `El servidor respondió ${status}. Recargue la página; si persiste, avise a su administrador.`,
  byStatus: {
    401: 'Su sesión ha terminado. Vuelva a iniciar sesión para ver esta imagen.',
    403: 'No tiene permiso para ver esta imagen. Pida acceso a un administrador.',
    404: 'La imagen no se encontró en el archivo. Puede que se haya eliminado.',
    406: 'El servidor no puede enviar esta imagen en una forma legible aquí. Descargue el original.',
    429: 'Demasiadas peticiones a la vez. Espere un momento y recargue la página.',
    503: 'El archivo no está disponible en este momento. Espere y recargue la página.',
  },
  imageMissing: 'No se pudo mostrar esta imagen. Lo que ve NO es la imagen.',
  volumeGaps: (missing, all) => `No se pudieron mostrar ${missing} de las ${all} imágenes de este volumen.`,
  back: {
    label: 'Volver al paciente',
    timeline: (name) => `Volver a la línea de tiempo de ${name || 'este paciente'}`,
    study: 'Abrir la página de este estudio',
    untitled: 'Estudio',
    noName: 'Sin nombre',
    day: (offset) => `día ${offset}`,
  },
  calibration: {
    title: 'Calibración',
    fiducial: 'mm: calibrados con un patrón',
    geometry: 'mm: corregidos por geometría',
    detector: 'mm en el detector, sin calibrar',
    unknown: 'mm de calibración desconocida',
    none: 'Sin calibración: longitudes en píxeles',
  },
};

/** @param language a language tag such as `fr-CA`; whatever we do not speak is answered in English */
export function textsFor(language: string): Texts {
  const spoken: Record<string, Texts> = { en, fr, es };
  return spoken[language.slice(0, 2).toLowerCase()] ?? en;
}
