const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

const significantDigits = (text: string): string =>
  (text.split(/[eE]/, 1)[0] ?? '').replace(/[^0-9]/g, '').replace(/^0+/, '');

/**
 * The number that a DS or IS value names, or the text itself when a double would not give the same decimal back
 * (PS3.18 F.2.3 allows both), or when it is no number at all.
 */
export const exactNumber = (text: string): number | string => {
  if (!DECIMAL.test(text)) return text;
  const number = Number(text);
  if (!Number.isFinite(number)) return text;
  const digits = significantDigits(text).replace(/0+$/, '');
  // Fifteen significant decimal digits always survive a double.
  if (digits.length <= 15) return number;
  return significantDigits(number.toPrecision(Math.min(digits.length, 100))).replace(/0+$/, '') === digits
    ? number
    : text;
};
