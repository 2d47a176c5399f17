import type { Language } from '@archwire/contracts';

/** What a letter says of one alert; `details` are those of the alert. */
type AlertText = (details: Readonly<Record<string, unknown>>, language: Language) => string;

const word = (value: unknown): string => (typeof value === 'string' ? value : '');
const figure = (value: unknown): number => (typeof value === 'number' ? value : 0);
const gigabytes = (value: unknown, language: Language): string =>
  new Intl.NumberFormat(language, { style: 'unit', unit: 'gigabyte', maximumFractionDigits: 1 }).format(
    figure(value) / 1e9,
  );

const EN: Readonly<Record<string, AlertText>> = {
  'disk-low': ({ node, freeBytes }, language) =>
    `The disk of ${word(node)} is nearly full: ${gigabytes(freeBytes, language)} are free. Below the limit no image is accepted.`,
  'part-down': ({ node, part, reason }) => `${word(part)} of ${word(node)} does not work. ${word(reason)}`,
  'node-gone': ({ node }) => `The process on ${word(node)} is gone. Look at its log and start it again.`,
  'quarantine-waiting': ({ count }) =>
    `Studies wait in quarantine for more than a day (${figure(count)}). Say whose they are.`,
  'outbox-stuck': () => 'Changes are not passed on to the job queue. Images are safe; pictures come later.',
  'device-silent': ({ name }) =>
    `${word(name)} has been silent for too long. Check the device, its cable, and whether it still knows our address.`,
  'failed-jobs': ({ count }) => `Jobs were given up (${figure(count)}). Mend the cause, and start them over.`,
  'certificate-ends': ({ days }) =>
    `The certificate of DICOM TLS ends in ${figure(days)} days. Install a new one before.`,
};
const FR: Readonly<Record<string, AlertText>> = {
  'disk-low': ({ node, freeBytes }, language) =>
    `Le disque de ${word(node)} est presque plein : ${gigabytes(freeBytes, language)} libres. Sous la limite, aucune image n’est acceptée.`,
  'part-down': ({ node, part, reason }) =>
    `${word(part)} de ${word(node)} : ne fonctionne pas. ${word(reason)}`,
  'node-gone': ({ node }) =>
    `Le processus sur ${word(node)} a disparu. Consultez son journal et redémarrez-le.`,
  'quarantine-waiting': ({ count }) =>
    `Des examens attendent en quarantaine depuis plus d’un jour (${figure(count)}). Dites à qui ils appartiennent.`,
  'outbox-stuck': () =>
    'Les changements ne sont pas transmis à la file de tâches. Les images sont en sûreté ; les vignettes suivront.',
  'device-silent': ({ name }) =>
    `${word(name)} est silencieux depuis trop longtemps. Vérifiez l’appareil, son câble, et s’il connaît encore notre adresse.`,
  'failed-jobs': ({ count }) =>
    `Des tâches ont été abandonnées (${figure(count)}). Corrigez la cause, puis relancez-les.`,
  'certificate-ends': ({ days }) =>
    `Le certificat DICOM TLS expire dans ${figure(days)} jours. Installez-en un nouveau avant.`,
};
const ES: Readonly<Record<string, AlertText>> = {
  'disk-low': ({ node, freeBytes }, language) =>
    `El disco de ${word(node)} está casi lleno: quedan ${gigabytes(freeBytes, language)} libres. Por debajo del límite no se acepta ninguna imagen.`,
  'part-down': ({ node, part, reason }) => `${word(part)} de ${word(node)} no funciona. ${word(reason)}`,
  'node-gone': ({ node }) =>
    `El proceso de ${word(node)} ha desaparecido. Mire su registro y vuelva a iniciarlo.`,
  'quarantine-waiting': ({ count }) =>
    `Hay estudios en cuarentena desde hace más de un día (${figure(count)}). Diga de quién son.`,
  'outbox-stuck': () =>
    'Los cambios no se transmiten a la cola de tareas. Las imágenes están a salvo; las vistas vendrán después.',
  'device-silent': ({ name }) =>
    `${word(name)} lleva demasiado tiempo en silencio. Revise el equipo, su cable y si aún conoce nuestra dirección.`,
  'failed-jobs': ({ count }) =>
    `Se abandonaron tareas (${figure(count)}). Corrija la causa y vuelva a lanzarlas.`,
  'certificate-ends': ({ days }) =>
    `El certificado de DICOM TLS caduca en ${figure(days)} días. Instale uno nuevo antes.`,
};

const TEXTS: Readonly<Record<Language, Readonly<Record<string, AlertText>>>> = { en: EN, fr: FR, es: ES };

/** One alert in a sentence or two; a kind that has no words yet keeps its name. No patient is ever named. */
export const alertText = (
  alert: { readonly kind: string; readonly details: Readonly<Record<string, unknown>> },
  language: Language,
): string => TEXTS[language][alert.kind]?.(alert.details, language).trim() ?? alert.kind;
