import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks again every `everyMs` until the answer is true; returns the milliseconds it took. A question that throws is asked again.
 * Throws after `seconds`, or as soon as `unless` says that it can never be.
 */
export const waitFor = async (
  what: string,
  ask: () => Promise<boolean>,
  {
    seconds = 60,
    everyMs = 20,
    unless = () => false,
  }: { seconds?: number; everyMs?: number; unless?: () => boolean } = {},
): Promise<number> => {
  const started = performance.now();
  while (!(await ask().catch(() => false))) {
    if (unless()) throw new Error(`${what}: it can no longer happen`);
    if (performance.now() - started > seconds * 1000) throw new Error(`${what}: not after ${seconds} s`);
    await sleep(everyMs);
  }
  return performance.now() - started;
};
