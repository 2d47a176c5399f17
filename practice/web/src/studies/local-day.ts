const pad = (value: number): string => String(value).padStart(2, '0');

/** The day in the zone of the browser, so many days before today: `2026-11-20`. */
export const localDay = (daysAgo = 0): string => {
  const date = new Date();
  date.setDate(date.getDate() - daysAgo);
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
};
