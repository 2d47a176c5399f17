// Nothing but this code is involved.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { timelineAxis } from './timeline-axis.ts';

it('places studies true to time, with ticks', () => {
  const { positions, ticks } = timelineAxis([
    { id: 'a', date: '2025-01-01' },
    { id: 'b', date: '2025-07-02' },
    { id: 'c', date: '2026-01-01' },
  ]);
  expect([...positions]).toEqual([
    ['a', 0],
    ['b', expect.closeTo(182 / 365, 5)],
    ['c', 1],
  ]);
  expect(ticks.map(({ date, kind }) => [date, kind])).toEqual([
    ['2025-01-01', 'year'],
    ['2025-03-01', 'month'],
    ['2025-05-01', 'month'],
    ['2025-07-01', 'month'],
    ['2025-09-01', 'month'],
    ['2025-11-01', 'month'],
    ['2026-01-01', 'year'],
  ]);
});

it('keeps studies of one day apart, one alone in the middle, and hostile dates on the line', () => {
  expect([...timelineAxis([{ id: 'a', date: '2025-01-01' }]).positions]).toEqual([['a', 0.5]]);
  expect([
    ...timelineAxis([
      { id: 'a', date: '2025-01-01' },
      { id: 'b', date: '2025-01-01' },
    ]).positions.values(),
  ]).toEqual([0, 1]);
  const { positions, ticks } = timelineAxis([
    { id: 'old', date: '0001-01-01' },
    { id: 'none', date: 'soon' },
    { id: 'far', date: '9999-12-31' },
  ]);
  expect([...positions.values()].every((at) => at >= 0 && at <= 1)).toBe(true);
  expect(ticks.length).toBeLessThan(20);
});

it('for any dates: in order, in bounds, none upon another', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 2, maxLength: 70 }), (days) => {
      const points = days
        .toSorted((a, b) => a - b)
        .map((day, id) => ({
          id: String(id),
          date: new Date(day * 86_400_000).toISOString().slice(0, 10),
        }));
      const at = [...timelineAxis(points).positions.values()];
      expect(at.every((value) => value >= -1e-9 && value <= 1 + 1e-9)).toBe(true);
      for (const [n, value] of at.entries()) if (n > 0) expect(value).toBeGreaterThan(at[n - 1] ?? 0);
    }),
  );
});
