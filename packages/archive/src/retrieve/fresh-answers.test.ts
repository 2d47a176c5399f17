import { expect, it } from 'vitest';
import { createFreshAnswers } from './fresh-answers.ts';

it('asks once for all that come together, and never answers with what was asked before somebody came', async () => {
  const answers = createFreshAnswers<number>();
  const asked: PromiseWithResolvers<number>[] = [];
  const get = (): Promise<number> =>
    answers.get('series', () => {
      const question = Promise.withResolvers<number>();
      asked.push(question);
      return question.promise;
    });
  const first = get();
  const others = [get(), get(), get()];
  expect(asked.length).toBe(1);
  asked[0]?.resolve(1);
  expect(await first).toBe(1);
  await expect.poll(() => asked.length).toBe(2);
  const late = get();
  asked[1]?.reject(new Error('the database went away'));
  const results = await Promise.allSettled(others);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  await expect.poll(() => asked.length).toBe(3);
  asked[2]?.resolve(3);
  expect(await late).toBe(3);
  const again = get();
  asked[3]?.resolve(4);
  expect(await again).toBe(4);
});
