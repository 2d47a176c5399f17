// Nothing but this code is involved.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FIT, MAX_SCALE, panBy, zoomAt, zoomTransform } from './zoom-view.ts';

it('zooms about a point, pans to the edge and no further, and comes back to fit', () => {
  const zoomed = zoomAt(FIT, 2, { x: 0.25, y: -0.5 });
  expect(zoomed).toEqual({ scale: 2, x: -0.25, y: 0.5 });
  expect(panBy(zoomed, 5, 0)).toEqual({ scale: 2, x: 0.5, y: 0.5 });
  expect(zoomAt(zoomed, 0.1, { x: 0.4, y: 0 })).toEqual(FIT);
  expect(zoomAt(FIT, 1e9).scale).toBe(MAX_SCALE);
  expect(zoomTransform(zoomed)).toBe('translate(-25%, 50%) scale(2)');
});

it('whatever is done, what lies under the pointer stays there, unless an edge stops it', () => {
  const part = fc.double({ min: -0.5, max: 0.5, noNaN: true });
  const factor = fc.double({ min: 0.2, max: 5, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(factor, part, part), { maxLength: 20 }), (steps) => {
      let view = FIT;
      for (const [by, x, y] of steps) {
        const next = zoomAt(view, by, { x, y });
        const limit = (next.scale - 1) / 2 + 1e-9;
        expect(Math.abs(next.x)).toBeLessThanOrEqual(limit);
        if (Math.abs(next.x) < limit - 1e-6)
          expect((x - next.x) / next.scale).toBeCloseTo((x - view.x) / view.scale, 6);
        view = next;
      }
    }),
  );
});
