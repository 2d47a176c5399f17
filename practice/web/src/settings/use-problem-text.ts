import { useText } from '@archwire/ui';
import { useCallback } from 'react';
import { ApiProblem } from '../api/api-problem.ts';
import { messages } from './messages.ts';

const WORDS = {
  'email-taken': 'emailTaken',
  'mail-off': 'mailOff',
  'last-administrator': 'lastAdministrator',
  'password-wrong': 'passwordWrong',
  'name-taken': 'nameTaken',
} as const;
const isKnown = (reason: string): reason is keyof typeof WORDS => reason in WORDS;

/** What went wrong with a setting, in the person's language. */
export const useProblemText = (): ((error: unknown) => string) => {
  const text = useText(messages);
  return useCallback(
    (error) => {
      if (!(error instanceof ApiProblem)) return text('failed');
      if (error.kind === 'offline' || error.kind === 'unavailable') return text('offline');
      const { reason } = error;
      return text(reason !== undefined && isKnown(reason) ? WORDS[reason] : 'failed');
    },
    [text],
  );
};
