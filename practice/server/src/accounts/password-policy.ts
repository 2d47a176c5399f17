import { AppError } from '@archwire/contracts';

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
