/** Crockford's digits: no I, L, O, U, which people confuse with others or object to. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LETTERS = DIGITS.slice(10);
const COUNTER_LENGTH = 6;
/** A prime above the number of digits: one wrong character, or two that changed places, never keep the sum. */
const MODULUS = 37;

const siteLetters = (site: number): string => {
  const at = site - 1;
  const last = LETTERS.charAt(at % LETTERS.length);
  return at < LETTERS.length ? last : siteLetters(Math.floor(at / LETTERS.length)) + last;
};

const counterDigits = (counter: number): string => {
  let digits = '';
  for (let rest = counter; rest > 0; rest = Math.floor(rest / DIGITS.length))
    digits = DIGITS.charAt(rest % DIGITS.length) + digits;
  return digits.padStart(COUNTER_LENGTH, '0');
};

const checkOf = (body: string): string =>
  DIGITS.charAt(
    body.split('').reduce((sum, digit, at) => sum + DIGITS.indexOf(digit) * (at + 2), 0) % MODULUS,
  );

/**
 * The accession number of a location's `counter`th order: letters of the location, six digits or more, a check character;
 * far below the 16 characters of SH. `null` for a counter whose check character would be none: it is left out.
 * @param site from 1
 */
export const accessionNumber = (site: number, counter: number): string | null => {
  const body = siteLetters(site) + counterDigits(counter);
  const check = checkOf(body);
  return check === '' ? null : body + check;
};
