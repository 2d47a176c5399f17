import fc from 'fast-check';
import type { Htj2kGeometry } from '../htj2k-geometry.ts';

/** Little endian samples from whole numbers, as `Htj2kGeometry` lays them out; what does not fit is cut to its bits. */
export const samplesOf = (
  values: (at: number) => number,
  { rows, columns, samplesPerPixel, bitsAllocated, bitsStored, signed }: Htj2kGeometry,
): Buffer => {
  const count = rows * columns * samplesPerPixel;
  const size = bitsAllocated / 8;
  const bytes = Buffer.alloc(count * size);
  for (let at = 0; at < count; at++) {
    const cut = Math.round(values(at)) & (2 ** bitsStored - 1);
    const value = signed && cut >= 2 ** (bitsStored - 1) ? cut - 2 ** bitsStored : cut;
    if (signed) bytes.writeIntLE(value, at * size, size);
    else bytes.writeUIntLE(value, at * size, size);
  }
  return bytes;
};

/** A soft picture with noise, like a radiograph: random numbers alone would not compress. */
export const smoothSamples = (geometry: Htj2kGeometry, seed = 1): Buffer => {
  const { columns, samplesPerPixel, bitsStored } = geometry;
  let state = seed;
  return samplesOf((at) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const pixel = Math.floor(at / samplesPerPixel);
    const x = pixel % columns;
    const y = Math.floor(pixel / columns);
    const wave = (Math.sin(x / 23) + Math.cos(y / 31) + 2) / 4;
    return wave * 2 ** bitsStored * 0.9 + ((state >>> 16) & (bitsStored > 9 ? 15 : 1));
  }, geometry);
};

/** Every geometry that can be encoded, small, with samples that go from quiet to noise. */
export const geometryWithSamples: fc.Arbitrary<{ geometry: Htj2kGeometry; samples: Buffer }> = fc
  .record({
    rows: fc.integer({ min: 1, max: 140 }),
    columns: fc.integer({ min: 1, max: 140 }),
    kind: fc.constantFrom(
      { samplesPerPixel: 1, bitsAllocated: 8, bitsStored: 8, signed: false },
      { samplesPerPixel: 3, bitsAllocated: 8, bitsStored: 8, signed: false },
      { samplesPerPixel: 1, bitsAllocated: 16, bitsStored: 8, signed: false },
      ...[10, 12, 15, 16].flatMap((bitsStored) =>
        [false, true].map((signed) => ({ samplesPerPixel: 1, bitsAllocated: 16, bitsStored, signed })),
      ),
    ),
    seed: fc.nat(),
    noise: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ rows, columns, kind, seed, noise }) => {
    const geometry = { rows, columns, ...kind };
    let state = seed;
    const samples = samplesOf((at) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (at % 97) + (state / 2 ** 32) * noise * 2 ** kind.bitsStored;
    }, geometry);
    return { geometry, samples };
  });
