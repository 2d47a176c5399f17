import { AppError } from '@archwire/contracts';
import { z } from 'zod';

/** Length is what makes a password strong (NIST SP 800-63B); the upper bound keeps hashing cheap. */
export const NewPassword = z
  .string()
  .min(12, 'A password has at least 12 characters.')
  .max(256, 'A password has at most 256 characters.');

/** @throws AppError `invalid` when the password is the e-mail, the name before the @, or one character repeated. */
export const assertGoodPassword = (password: string, email: string): void => {
  const folded = password.toLowerCase();
  if (folded === email || folded === email.split('@')[0] || new Set(folded).size < 4) {
    throw new AppError(
      'invalid',
      'This password is too easy to guess. Choose one that is neither your e-mail nor a repeated character.',
      {
        details: { reason: 'password-weak' },
      },
    );
  }
};
