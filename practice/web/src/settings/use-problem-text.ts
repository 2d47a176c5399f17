import { useText } from '@archwire/ui';
import { useCallback } from 'react';
import { problemWord } from '../api/problem-word.ts';
import { messages } from './messages.ts';

const WORDS = {
  'email-taken': 'emailTaken',
  'mail-off': 'mailOff',
  'last-administrator': 'lastAdministrator',
  'password-wrong': 'passwordWrong',
  'name-taken': 'nameTaken',
} as const;

/** What went wrong with a setting, in the person's language. */
export const useProblemText = (): ((error: unknown) => string) => {
  const text = useText(messages);
  return useCallback((error) => text(problemWord(error, WORDS)), [text]);
};
