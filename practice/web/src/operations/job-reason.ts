import { defineMessages } from '@archwire/ui';

export const reasonMessages = defineMessages({
  en: {
    database: 'The database does not answer. If this stays, check PostgreSQL.',
    smtp: 'The SMTP server did not take the mail ({code}). Check ARCHWIRE_SMTP_URL.',
    full: 'The disk is full. Free space or enlarge the disk, then start over.',
    broken: 'The disk reported an input/output error. Check the disk before you start over.',
    storage: 'The storage did not answer as it should. Check the disk and its permissions.',
    unknownStore: 'The store that holds this instance is not configured here. Check the storage settings.',
    otherNode: 'These bytes lie in the journal of another node. Check that it is running.',
    integrity: 'Bytes changed between receiving and packing. Check the disk.',
    gone: 'This instance is no longer stored.',
    stopping: 'The server was stopping. Start over.',
    stalled: 'The process that worked on it went away several times. Look at its log.',
  },
  fr: {
    database: 'La base de données ne répond pas. Si cela persiste, vérifiez PostgreSQL.',
    smtp: 'Le serveur SMTP n’a pas pris le courriel ({code}). Vérifiez ARCHWIRE_SMTP_URL.',
    full: 'Le disque est plein. Libérez de la place ou agrandissez-le, puis relancez.',
    broken: 'Le disque signale une erreur d’entrée-sortie. Vérifiez-le avant de relancer.',
    storage: 'Le stockage n’a pas répondu comme il le devrait. Vérifiez le disque et ses droits.',
    unknownStore:
      'Le stockage qui contient cette instance n’est pas configuré ici. Vérifiez les réglages de stockage.',
    otherNode: 'Ces données se trouvent dans le journal d’un autre nœud. Vérifiez qu’il fonctionne.',
    integrity: 'Des octets ont changé entre la réception et le rangement. Vérifiez le disque.',
    gone: 'Cette instance n’est plus conservée.',
    stopping: 'Le serveur s’arrêtait. Relancez.',
    stalled: 'Le processus qui s’en occupait a disparu plusieurs fois. Consultez son journal.',
  },
  es: {
    database: 'La base de datos no responde. Si continúa, revise PostgreSQL.',
    smtp: 'El servidor SMTP no aceptó el correo ({code}). Revise ARCHWIRE_SMTP_URL.',
    full: 'El disco está lleno. Libere espacio o amplíelo, y vuelva a lanzar.',
    broken: 'El disco dio un error de entrada y salida. Revíselo antes de volver a lanzar.',
    storage: 'El almacenamiento no respondió como debía. Revise el disco y sus permisos.',
    unknownStore:
      'El almacén que guarda esta instancia no está configurado aquí. Revise los ajustes de almacenamiento.',
    otherNode: 'Estos datos están en el diario de otro nodo. Compruebe que funciona.',
    integrity: 'Cambiaron bytes entre la recepción y el empaquetado. Revise el disco.',
    gone: 'Esta instancia ya no está guardada.',
    stopping: 'El servidor se estaba deteniendo. Vuelva a lanzar.',
    stalled: 'El proceso que lo hacía desapareció varias veces. Mire su registro.',
  },
});

type ReasonKey = keyof (typeof reasonMessages)['en'];

/** How each reason that is our own begins in the server's words. A test proves that the server says so. */
export const REASONS: readonly (readonly [begins: string, key: ReasonKey])[] = [
  ['The database does not answer.', 'database'],
  ['The SMTP server did not take the mail (', 'smtp'],
  ['The disk is full.', 'full'],
  ['The disk has too little room left', 'full'],
  ['The disk reported an input/output error.', 'broken'],
  ['The storage did not answer as it should.', 'storage'],
  ['The store that holds this instance is not configured here.', 'unknownStore'],
  ['These bytes lie in the journal of another node', 'otherNode'],
  ['These bytes still lie in the journal of node', 'otherNode'],
  ['Bytes changed between receiving and settling.', 'integrity'],
  ['This instance is no longer stored.', 'gone'],
  ['The server is stopping.', 'stopping'],
  ['job stalled more than allowable limit', 'stalled'],
];

/** Why a job was given up, in the reader's language where the reason is ours; otherwise as it was said. */
export const jobReason = (
  reason: string,
  text: (key: ReasonKey, values?: Readonly<Record<string, string>>) => string,
): string => {
  const key = REASONS.find(([begins]) => reason.startsWith(begins))?.[1];
  return key === undefined ? reason : text(key, { code: /\((\w+)\)/.exec(reason)?.[1] ?? '' });
};
