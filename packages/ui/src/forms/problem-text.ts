import type { z } from 'zod';
import type { Values } from '../i18n/messages.ts';
import type { problemMessages } from './problem-messages.ts';

type ProblemKey = keyof (typeof problemMessages)['en'];

const FORMATS: Readonly<Record<string, ProblemKey>> = {
  email: 'email',
  url: 'url',
  date: 'date',
  datetime: 'date',
};

const tooSmall = (origin: string, minimum: number): ProblemKey => {
  if (origin === 'string') return minimum <= 1 ? 'required' : 'tooShort';
  return origin === 'array' || origin === 'set' ? 'tooFew' : 'tooSmall';
};
const tooBig = (origin: string): ProblemKey => {
  if (origin === 'string') return 'tooLong';
  return origin === 'array' || origin === 'set' ? 'tooMany' : 'tooBig';
};

/** What is wrong with a value, in the person's language; the schema's own words are English. */
export const problemText = (
  issue: z.core.$ZodIssue,
  text: (key: ProblemKey, values?: Values) => string,
): string => {
  switch (issue.code) {
    case 'too_small': {
      const count = Number(issue.minimum);
      return text(tooSmall(issue.origin, count), { count });
    }
    case 'too_big':
      return text(tooBig(issue.origin), { count: Number(issue.maximum) });
    case 'invalid_format':
      return text(FORMATS[issue.format] ?? 'format');
    case 'invalid_value':
      return text('choice');
    case 'invalid_type':
      return text('required');
    default:
      return text('invalid');
  }
};
