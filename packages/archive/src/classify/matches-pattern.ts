const fold = (text: string): string => text.slice(0, 256).normalize('NFC').toLowerCase().trim();

/**
 * Whether a whole text fits a pattern: `*` stands for anything, `?` for one letter, large and small letters are the same.
 * Takes at most pattern times text steps, whatever a person writes.
 */
export const matchesPattern = (pattern: string, text: string | null): boolean => {
  if (text === null) return false;
  const [wanted, given] = [fold(pattern), fold(text)];
  let at = 0;
  let star = -1;
  let resume = 0;
  let next = 0;
  while (at < given.length) {
    const sign = wanted[next];
    if (sign === '*') {
      star = next;
      resume = at;
      next += 1;
    } else if (sign === '?' || (sign !== undefined && sign === given[at])) {
      next += 1;
      at += 1;
    } else if (star >= 0) {
      next = star + 1;
      resume += 1;
      at = resume;
    } else {
      return false;
    }
  }
  return /^\**$/.test(wanted.slice(next));
};
