const DATE = /^(\d{4})(\.?)(\d{2})\2(\d{2})$/;
const TIME = /^(\d{2})(?::?(\d{2})(?::?(\d{2})(?:\.(\d{1,6}))?)?)?$/;

/** `YYYY-MM-DD` from a DA value (PS3.5 6.2), the ACR-NEMA form `YYYY.MM.DD` included; `null` when it is not a day of the calendar. */
export const isoDate = (value: string): string | null => {
  const match = DATE.exec(value.trim());
  if (match === null) return null;
  const [, year = '', , month = '', day = ''] = match;
  const days = new Date(Date.UTC(2000, Number(month), 0)).getUTCDate();
  const leap = Number(year) % 4 === 0 && (Number(year) % 100 !== 0 || Number(year) % 400 === 0);
  const last = month === '02' && !leap ? 28 : days;
  const real =
    year !== '0000' && Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= last;
  return real ? `${year}-${month}-${day}` : null;
};

/** `HH:MM:SS(.ffffff)` from a TM value (PS3.5 6.2); missing parts are zero; `null` when it is no time of day. 60 is a leap second. */
export const isoTime = (value: string): string | null => {
  const match = TIME.exec(value.trim());
  if (match === null) return null;
  const [, hours = '00', minutes = '00', seconds = '00', fraction] = match;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 60) return null;
  return `${hours}:${minutes}:${seconds}${fraction === undefined ? '' : `.${fraction}`}`;
};
