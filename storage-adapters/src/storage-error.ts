import { AppError } from '@archwire/contracts';

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** Turns what the operating system said into the one error that crosses layers; an AppError passes unchanged. */
export const storageError = (error: unknown): AppError => {
  if (error instanceof AppError) return error;
  const code = codeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError(
      'storage-full',
      'The disk is full. Free space or enlarge the disk, then send again.',
      {
        cause: error,
        details: { code },
      },
    );
  }
  if (code === 'ENOENT') {
    return new AppError('not-found', 'There is no such object. Look its location up again.', {
      cause: error,
      details: { code },
    });
  }
  if (code === 'EIO') {
    return new AppError(
      'integrity',
      'The disk reported an input/output error. Check the disk before sending again.',
      {
        cause: error,
        details: { code },
      },
    );
  }
  return new AppError(
    'unavailable',
    'The storage did not answer as it should. Check the disk and its permissions.',
    {
      cause: error,
      details: { code: code ?? 'unknown' },
    },
  );
};
