import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createMetadataPreparer } from './metadata-preparer.ts';

/** A preparer that waits for `open` before each series, and what it did. */
const gated = () => {
  const done: string[] = [];
  const gates: (() => void)[] = [];
  const preparer = createMetadataPreparer({
    calm: async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      gates.push(resolve);
      await promise;
    },
    prepare: async (tenantId, seriesId) => {
      if (seriesId === 'bad') throw new Error('the store is full');
      done.push(`${tenantId}/${seriesId}`);
    },
    onProblem: (error, seriesId) => done.push(`${seriesId}: ${String(error)}`),
  });
  const open = async (): Promise<void> => {
    gates.shift()?.();
    await setImmediate();
  };
  return { preparer, done, open };
};

it('builds one series after the other in calm moments, each once, and goes on after one that fails', async () => {
  const { preparer, done, open } = gated();
  for (const series of ['a', 'bad', 'a', 'b']) preparer.settled('t', series);
  await setImmediate();
  expect(done).toEqual([]);
  await open();
  expect(done).toEqual(['t/a']);
  await open();
  await open();
  expect(done).toEqual(['t/a', 'bad: Error: the store is full', 't/b']);
  preparer.settled('t', 'a');
  await open();
  expect(done.slice(3)).toEqual(['t/a']);
  await preparer.stop();
});

it('builds nothing more once it is stopped', async () => {
  const { preparer, done, open } = gated();
  preparer.settled('t', 'a');
  const stopped = preparer.stop();
  await open();
  await stopped;
  preparer.settled('t', 'b');
  await open();
  expect(done).toEqual([]);
});
