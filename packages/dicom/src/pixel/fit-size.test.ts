// Real: the arithmetic of picture sizes.
import { describe, expect, it } from 'vitest';
import { fitSize, squarePixels } from './fit-size.ts';

describe('fitSize', () => {
  it('keeps the shape inside the box, and enlarges only when told', () => {
    const box = { width: 200, height: 200 };
    expect(fitSize({ width: 2832, height: 1536 }, box)).toEqual({ width: 200, height: 108 });
    expect(fitSize({ width: 50, height: 100 }, box)).toEqual({ width: 50, height: 100 });
    expect(fitSize({ width: 50, height: 100 }, box, true)).toEqual({ width: 100, height: 200 });
    expect(fitSize({ width: 10_000, height: 1 }, box)).toEqual({ width: 200, height: 1 });
  });
});

describe('squarePixels', () => {
  it('stretches the short side', () => {
    expect(squarePixels({ width: 100, height: 100 }, 2)).toEqual({ width: 100, height: 200 });
    expect(squarePixels({ width: 100, height: 100 }, 0.5)).toEqual({ width: 200, height: 100 });
    expect(squarePixels({ width: 100, height: 100 }, 1.005)).toEqual({ width: 100, height: 100 });
  });

  it('does not stretch beyond fifty million pixels', () => {
    expect(squarePixels({ width: 10_000, height: 10_000 }, 10)).toEqual({ width: 2236, height: 22_361 });
  });
});
