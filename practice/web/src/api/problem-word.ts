import { ApiProblem } from './api-problem.ts';

/** The word for what went wrong: that of its reason, where there is one; `offline` when nobody answers; otherwise `failed`. */
export const problemWord = <Word extends string>(
  error: unknown,
  words: Readonly<Record<string, Word>>,
): Word | 'offline' | 'failed' => {
  if (!(error instanceof ApiProblem)) return 'failed';
  if (error.kind === 'offline' || error.kind === 'unavailable') return 'offline';
  return (error.reason === undefined ? undefined : words[error.reason]) ?? 'failed';
};
