import { reasonMessages } from './reason-messages.ts';

/** Whether a code of the server has words in the languages of the app. */
export const isReason = (word: string | null | undefined): word is keyof (typeof reasonMessages)['en'] =>
  typeof word === 'string' && Object.hasOwn(reasonMessages.en, word);
