import { AppError } from '@archwire/contracts';
import { expect, it } from 'vitest';
import { diskHeadroom } from './disk-headroom.ts';
import { createReadiness } from './health.ts';

it('names each part and why it is not well', async () => {
  const readiness = createReadiness([
    { name: 'database', check: async () => {} },
    {
      name: 'store',
      check: () => Promise.reject(Object.assign(new Error('/data/secret'), { code: 'EROFS' })),
    },
    {
      name: 'queue',
      check: () => Promise.reject(new AppError('unavailable', 'The job queue does not answer.')),
    },
    { name: 'other', check: () => Promise.reject(new Error('Doe^John')) },
  ]);
  expect(await readiness()).toEqual({
    ready: false,
    parts: {
      database: 'ok',
      store: { reason: 'EROFS' },
      queue: { reason: 'The job queue does not answer.' },
      other: { reason: 'It failed.' },
    },
  });
});

it('believes a good answer for a second and a bad one not at all', async () => {
  let time = 0;
  let asked = 0;
  let well = false;
  const readiness = createReadiness(
    [
      {
        name: 'part',
        check: async () => {
          asked += 1;
          if (!well) throw new AppError('unavailable', 'no');
        },
      },
    ],
    () => time,
  );
  const answers = [await readiness(), await readiness()];
  well = true;
  answers.push(await readiness());
  well = false;
  answers.push(await readiness());
  time = 1000;
  answers.push(await readiness());
  expect(answers.map(({ ready }) => ready)).toEqual([false, false, true, true, false]);
  expect(asked).toBe(4);
});

it('says what to do when the disk is nearly full', async () => {
  await diskHeadroom('.', 0).check();
  await expect(diskHeadroom('.', 2 ** 60).check()).rejects.toThrow(
    /^Only \d+ MB are free on the disk of the data folder; \d+ MB must be\. Make room/,
  );
});
