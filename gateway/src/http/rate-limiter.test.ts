import { expect, it } from 'vitest';
import { createRateLimiter } from './rate-limiter.ts';

const setUp = (max = 10) => {
  let time = 0;
  const limiter = createRateLimiter({ burst: 2, perMinute: 60, max, now: () => time });
  return { limiter, wait: (ms: number) => void (time += ms) };
};

it('lets a burst through, then one for each second, per key', () => {
  const { limiter, wait } = setUp();
  limiter.take('a');
  limiter.take('a');
  expect(() => limiter.take('a')).toThrow('Too many attempts. Try again in 1 seconds.');
  limiter.take('b');
  wait(999);
  expect(() => limiter.take('a')).toThrow('Too many attempts');
  wait(1);
  limiter.take('a');
  expect(() => limiter.take('a')).toThrow('Too many attempts');
  wait(60_000);
  limiter.take('a');
  limiter.take('a');
  expect(() => limiter.take('a')).toThrow('Too many attempts');
});

it('forgets the longest unused key, not its own limit on memory', () => {
  const { limiter } = setUp(2);
  limiter.take('a');
  limiter.take('a');
  limiter.take('b');
  limiter.take('c');
  limiter.take('a');
});
