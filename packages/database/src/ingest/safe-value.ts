const INT4_MAX = 2_147_483_647;
const INT2_MAX = 32_767;
const DATE = /^(?!0000)\d{4}-\d{2}-\d{2}$/;

/**
 * What PostgreSQL can store, whatever a device sent: no NUL, no lone surrogate, and short enough for an index entry
 * (2,704 bytes). One unstorable value would fail the whole batch for ever.
 */
export const safeText = (value: string | null, limit = 600): string | null => {
  if (value === null) return null;
  const text = value.replaceAll('\0', '').toWellFormed().slice(0, limit).toWellFormed();
  return text === '' ? null : text;
};

export const safeDate = (value: string | null): string | null => {
  if (value === null || !DATE.test(value)) return null;
  const date = new Date(`${value}T00:00:00Z`);
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== value ? null : value;
};

const safeInteger = (value: number | null, max: number): number | null =>
  value !== null && Number.isInteger(value) && Math.abs(value) <= max ? value : null;

export const safeInt4 = (value: number | null): number | null => safeInteger(value, INT4_MAX);
export const safeInt2 = (value: number | null): number | null => safeInteger(value, INT2_MAX);
