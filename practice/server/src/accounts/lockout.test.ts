import { expect, it } from 'vitest';
import { lockoutSeconds } from './lockout.ts';

it('grows from nothing to a quarter of an hour', () => {
  expect([0, 4, 5, 6, 7, 8, 9, 10, 11, 1000].map(lockoutSeconds)).toEqual([
    0, 0, 30, 60, 120, 240, 480, 900, 900, 900,
  ]);
});
