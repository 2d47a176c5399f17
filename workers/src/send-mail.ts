import type { LetterSender } from '@archwire/practice-server';
import type { Processor } from './processor.ts';

/**
 * Eight attempts from five seconds on reach past ten minutes: an SMTP server that asks us to come back later (greylisting)
 * is answered well before the shortest link, of half an hour, has expired. A letter may go out twice; it holds the same link.
 */
export const sendMail = (letters: LetterSender | null): Processor<'send-mail'> => ({
  process: async (payload) => {
    await letters?.send(payload);
  },
  policy: { concurrency: 2, attempts: 8, backoffMs: 5000 },
});
