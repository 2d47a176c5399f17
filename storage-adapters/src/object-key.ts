import { AppError } from '@archwire/contracts';

/** A file name has at most 255 bytes on every file system we meet; S3 and Azure allow more. */
const MAX_KEY_LENGTH = 240;
const KEY_PATTERN = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;

/**
 * Returns the key when it is one: slash-separated segments of `[A-Za-z0-9._-]`, none starting with a dot, 240 characters at most.
 * @throws AppError `invalid`
 */
export const objectKey = (key: string): string => {
  if (key.length > MAX_KEY_LENGTH || !KEY_PATTERN.test(key)) {
    throw new AppError(
      'invalid',
      'This is not the key of a stored object. Use the key that the index gave.',
      {
        details: { reason: 'object-key' },
      },
    );
  }
  return key;
};
