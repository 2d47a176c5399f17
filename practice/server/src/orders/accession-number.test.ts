// Real: the numbers themselves; nothing is replaced.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accessionNumber } from './accession-number.ts';

const SITES = fc.integer({ min: 1, max: 1000 });
const COUNTERS = fc.integer({ min: 1, max: 32 ** 6 - 1 });
const checkOf = (site: number, counter: number): string | undefined => accessionNumber(site, counter)?.at(-1);

test('the letters of the first locations, and the first number', () => {
  const letters = [1, 2, 22, 23, 44, 45, 506, 507].map((site) => {
    const number = accessionNumber(site, 1) ?? accessionNumber(site, 2) ?? accessionNumber(site, 3);
    return number?.slice(0, -7);
  });
  expect(letters).toEqual(['A', 'B', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA']);
  expect(accessionNumber(1, 1)).toMatch(/^A000001[0-9A-HJKMNP-TV-Z]$/);
});

test('fit into SH, have no character that people confuse, and no two are the same', () => {
  const seen = new Map<string, string>();
  fc.assert(
    fc.property(SITES, fc.integer({ min: 1, max: 2 ** 31 }), (site, counter) => {
      const number = accessionNumber(site, counter);
      if (number === null) return;
      expect(number).toMatch(/^[0-9A-HJKMNP-TV-Z]{8,16}$/);
      expect(seen.get(number) ?? `${site} ${counter}`).toBe(`${site} ${counter}`);
      seen.set(number, `${site} ${counter}`);
    }),
  );
});

test('one wrong digit asks for another check character', () => {
  fc.assert(
    fc.property(
      SITES,
      COUNTERS,
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 0, max: 31 }),
      (site, counter, place, digit) => {
        const was = Math.floor(counter / 32 ** place) % 32;
        fc.pre(was !== digit && checkOf(site, counter) !== undefined);
        expect(checkOf(site, counter + (digit - was) * 32 ** place)).not.toBe(checkOf(site, counter));
      },
    ),
  );
});

test('two neighbours that changed places ask for another check character', () => {
  fc.assert(
    fc.property(SITES, COUNTERS, fc.integer({ min: 0, max: 4 }), (site, counter, place) => {
      const low = Math.floor(counter / 32 ** place) % 32;
      const high = Math.floor(counter / 32 ** (place + 1)) % 32;
      fc.pre(low !== high && checkOf(site, counter) !== undefined);
      const swapped = counter + (high - low) * 32 ** place + (low - high) * 32 ** (place + 1);
      expect(checkOf(site, swapped)).not.toBe(checkOf(site, counter));
    }),
  );
});

test('few counters are left out, never many in a row', () => {
  let run = 0;
  let missing = 0;
  for (let counter = 1; counter <= 20_000; counter += 1) {
    run = accessionNumber(3, counter) === null ? run + 1 : 0;
    if (run > 0) missing += 1;
    expect(run).toBeLessThan(10);
  }
  expect(missing).toBeLessThan(20_000 / 5);
});
