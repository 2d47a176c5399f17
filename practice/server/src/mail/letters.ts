import type { Language } from '@archwire/contracts';

/** What a letter says; `{name}`, `{group}` and `{until}` are filled in. */
interface Letter {
  readonly subject: string;
  readonly greeting: string;
  readonly lines: readonly string[];
  readonly button: string;
  readonly after: string;
}

export type LetterName = 'invitation' | 'password-reset' | 'token-reused' | 'alerts-began' | 'alerts-ended';

/** The letters of the product, in the language of who gets them. No patient is ever named in one. */
export const LETTERS: Readonly<Record<Language, Readonly<Record<LetterName, Letter>>>> = {
  en: {
    'alerts-began': {
      subject: 'Archwire at {group} needs your attention',
      greeting: 'Hello {name},',
      lines: ['Something began to be the matter with the imaging archive of {group}.'],
      button: 'Open operations',
      after: 'You get at most one of these letters in ten minutes.',
    },
    'alerts-ended': {
      subject: 'Archwire at {group}: it is over',
      greeting: 'Hello {name},',
      lines: ['What was the matter with the imaging archive of {group} is over.'],
      button: 'Open operations',
      after: 'You get at most one of these letters in ten minutes.',
    },
    invitation: {
      subject: 'Your Archwire account at {group}',
      greeting: 'Hello {name},',
      lines: [
        '{group} has made an account for you in Archwire, its imaging archive. Choose a password to begin.',
      ],
      button: 'Choose a password',
      after: 'The link is good until {until} and works once.',
    },
    'password-reset': {
      subject: 'Choose a new password',
      greeting: 'Hello {name},',
      lines: ['Somebody, most likely you, asked for a new password for your Archwire account at {group}.'],
      button: 'Choose a new password',
      after:
        'The link is good until {until} and works once. If you did not ask for it, you need not do anything: your password stays as it is.',
    },
    'token-reused': {
      subject: 'We ended all your sessions',
      greeting: 'Hello {name},',
      lines: [
        'An old key of one of your Archwire sessions at {group} was used a second time. It may have been copied, so we ended all your sessions.',
        'Sign in again. If you were not at work then, change your password and tell your administrator.',
      ],
      button: 'Sign in',
      after: '',
    },
  },
  fr: {
    'alerts-began': {
      subject: 'Archwire chez {group} demande votre attention',
      greeting: 'Bonjour {name},',
      lines: ['L’archive d’imagerie de {group} signale un problème.'],
      button: 'Ouvrir l’exploitation',
      after: 'Vous recevez au plus une de ces lettres toutes les dix minutes.',
    },
    'alerts-ended': {
      subject: 'Archwire chez {group} : c’est réglé',
      greeting: 'Bonjour {name},',
      lines: ['Le problème de l’archive d’imagerie de {group} est réglé.'],
      button: 'Ouvrir l’exploitation',
      after: 'Vous recevez au plus une de ces lettres toutes les dix minutes.',
    },
    invitation: {
      subject: 'Votre compte Archwire chez {group}',
      greeting: 'Bonjour {name},',
      lines: [
        '{group} vous a créé un compte dans Archwire, son archive d’imagerie. Choisissez un mot de passe pour commencer.',
      ],
      button: 'Choisir un mot de passe',
      after: 'Le lien est valable jusqu’au {until} et ne sert qu’une fois.',
    },
    'password-reset': {
      subject: 'Choisir un nouveau mot de passe',
      greeting: 'Bonjour {name},',
      lines: [
        'Quelqu’un, sans doute vous, a demandé un nouveau mot de passe pour votre compte Archwire chez {group}.',
      ],
      button: 'Choisir un nouveau mot de passe',
      after:
        'Le lien est valable jusqu’au {until} et ne sert qu’une fois. Si vous n’avez rien demandé, vous n’avez rien à faire : votre mot de passe reste le même.',
    },
    'token-reused': {
      subject: 'Nous avons fermé toutes vos sessions',
      greeting: 'Bonjour {name},',
      lines: [
        'Une ancienne clé d’une de vos sessions Archwire chez {group} a servi une seconde fois. Elle a peut-être été copiée : nous avons fermé toutes vos sessions.',
        'Reconnectez-vous. Si vous n’étiez pas au travail à ce moment, changez votre mot de passe et prévenez votre administrateur.',
      ],
      button: 'Se connecter',
      after: '',
    },
  },
  es: {
    'alerts-began': {
      subject: 'Archwire en {group} requiere su atención',
      greeting: 'Hola, {name}:',
      lines: ['El archivo de imágenes de {group} tiene un problema.'],
      button: 'Abrir operaciones',
      after: 'Recibirá como mucho una de estas cartas cada diez minutos.',
    },
    'alerts-ended': {
      subject: 'Archwire en {group}: ya pasó',
      greeting: 'Hola, {name}:',
      lines: ['El problema del archivo de imágenes de {group} ya pasó.'],
      button: 'Abrir operaciones',
      after: 'Recibirá como mucho una de estas cartas cada diez minutos.',
    },
    invitation: {
      subject: 'Su cuenta de Archwire en {group}',
      greeting: 'Hola, {name}:',
      lines: [
        '{group} le ha creado una cuenta en Archwire, su archivo de imágenes. Elija una contraseña para empezar.',
      ],
      button: 'Elegir una contraseña',
      after: 'El enlace vale hasta el {until} y sirve una sola vez.',
    },
    'password-reset': {
      subject: 'Elija una nueva contraseña',
      greeting: 'Hola, {name}:',
      lines: [
        'Alguien, probablemente usted, ha pedido una nueva contraseña para su cuenta de Archwire en {group}.',
      ],
      button: 'Elegir una nueva contraseña',
      after:
        'El enlace vale hasta el {until} y sirve una sola vez. Si no la ha pedido usted, no tiene que hacer nada: su contraseña sigue siendo la misma.',
    },
    'token-reused': {
      subject: 'Hemos cerrado todas sus sesiones',
      greeting: 'Hola, {name}:',
      lines: [
        'Una clave antigua de una de sus sesiones de Archwire en {group} se ha usado por segunda vez. Puede que la hayan copiado, así que hemos cerrado todas sus sesiones.',
        'Vuelva a iniciar sesión. Si en ese momento no estaba trabajando, cambie su contraseña y avise a su administrador.',
      ],
      button: 'Iniciar sesión',
      after: '',
    },
  },
};
