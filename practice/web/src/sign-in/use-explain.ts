import { useText } from '@archwire/ui';
import { useCallback } from 'react';
import { problemWord } from '../api/problem-word.ts';
import { messages } from './messages.ts';

const WORDS = {
  credentials: 'credentials',
  'totp-invalid': 'totpInvalid',
  'recovery-invalid': 'recoveryInvalid',
  'password-weak': 'weak',
  'password-same': 'same',
  'password-wrong': 'currentWrong',
  'link-invalid': 'link-invalid',
  'link-used': 'link-used',
  'link-expired': 'link-expired',
  deactivated: 'ended-deactivated',
} as const;

/** What went wrong at the door, in the person's language; never the server's own English where we have words. */
export const useExplain = (): ((error: unknown) => string) => {
  const text = useText(messages);
  return useCallback((error) => text(problemWord(error, WORDS)), [text]);
};
