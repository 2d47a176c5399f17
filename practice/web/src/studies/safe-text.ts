/** Of a description of any length so much is shown; the rest is in the study. */
const MOST = 300;

/**
 * Text of a data set as a list can show it: no control characters, and none that turn the direction of what follows
 * around, so that a name cannot pretend to be another. Show it in a `bdi`.
 */
export const safeText = (text: string | null | undefined): string =>
  (text ?? '')
    .slice(0, MOST)
    .replaceAll(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u2028\u2029]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
