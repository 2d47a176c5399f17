/**
 * Why an object keeps the bytes that it came with. `no-pixels`, `compressed` and `lossy` say what it is; `encoding` (big endian,
 * deflated), `bits` (a depth that the encoder does not take, or samples that use bits beyond Bits Stored), `color` and `layout`
 * what could not be put back byte for byte; `larger` and `not-exact` what an attempt showed.
 */
export const LEFT_ALONE = [
  'no-pixels',
  'compressed',
  'lossy',
  'encoding',
  'bits',
  'color',
  'layout',
  'unreadable',
  'too-large',
  'larger',
  'not-exact',
] as const;
export type LeftAlone = (typeof LEFT_ALONE)[number];
