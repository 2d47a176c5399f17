const DAY_MS = 86_400_000;

const shiftOne = (value: string, days: number): string => {
  const match = /^(\d{4})(\d{2})(\d{2})(.*)$/s.exec(value);
  if (match === null) return '';
  const [, year, month, day, rest = ''] = match;
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)) + days * DAY_MS);
  if (Number.isNaN(at.getTime())) return '';
  return `${at.toISOString().slice(0, 10).replaceAll('-', '')}${rest}`;
};

/**
 * A value of DA or DT moved by whole days; of several values each. Times of day stay. What is no full date (a year alone, a
 * typing error) becomes empty: it cannot be moved, and must not stay.
 */
export const shiftTemporal = (value: string, days: number): string =>
  value
    .split('\\')
    .map((one) =>
      shiftOne(
        one.trim().replaceAll('.', (dot, at: number) => (at < 8 ? '' : dot)),
        days,
      ),
    )
    .join('\\');
