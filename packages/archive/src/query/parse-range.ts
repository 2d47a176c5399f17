import { AppError } from '@archwire/contracts';

export interface Range {
  readonly from: string | null;
  readonly to: string | null;
}

const DATE = /^(\d{4})[.-]?(\d{2})[.-]?(\d{2})$/;
const TIME = /^(\d{2})(?::?(\d{2})(?::?(\d{2})(?:\.(\d{1,6}))?)?)?$/;

const invalid = (keyword: string, example: string): AppError =>
  new AppError(
    'invalid',
    `The value of ${keyword} is neither a value nor a range. Write it like ${example}.`,
    {
      details: { attribute: keyword },
    },
  );

const parseDate = (text: string): string | undefined => {
  const [, year, month, day] = DATE.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined || year === '0000') return undefined;
  const iso = `${year}-${month}-${day}`;
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : undefined;
};

/** The first and the last moment that a time of any precision stands for: `1030` is the whole minute. */
const parseTime = (text: string): { readonly first: string; readonly last: string } | undefined => {
  const [, hours, minutes, seconds, fraction] = TIME.exec(text) ?? [];
  if (hours === undefined || Number(hours) > 23 || Number(minutes ?? 0) > 59 || Number(seconds ?? 0) > 60)
    return undefined;
  return {
    first: `${hours}:${minutes ?? '00'}:${seconds ?? '00'}${fraction === undefined ? '' : `.${fraction}`}`,
    last: `${hours}:${minutes ?? '59'}:${seconds ?? '59'}.${(fraction ?? '').padEnd(6, '9')}`,
  };
};

const split = (text: string): readonly [string, string] | undefined => {
  const at = text.indexOf('-');
  return at === -1 ? undefined : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
};

/** DA matching: a date, or a range with one or two ends (PS3.4 C.2.2.2.5). @throws AppError `invalid`. */
export const parseDateRange = (keyword: string, text: string): Range => {
  const single = parseDate(text);
  if (single !== undefined) return { from: single, to: single };
  const ends = split(text);
  if (ends === undefined || (ends[0] === '' && ends[1] === ''))
    throw invalid(keyword, '20240131 or 20240101-20240131');
  const [from, to] = ends.map((end) => (end === '' ? null : parseDate(end)));
  if (from === undefined || to === undefined) throw invalid(keyword, '20240131 or 20240101-20240131');
  return { from, to };
};

/** TM matching; an end that leaves out seconds includes them all. @throws AppError `invalid`. */
export const parseTimeRange = (keyword: string, text: string): Range => {
  const single = parseTime(text);
  if (single !== undefined) return { from: single.first, to: single.last };
  const ends = split(text);
  if (ends === undefined || (ends[0] === '' && ends[1] === ''))
    throw invalid(keyword, '1030 or 080000-120000');
  const [from, to] = ends.map((end) => (end === '' ? null : parseTime(end)));
  if (from === undefined || to === undefined) throw invalid(keyword, '1030 or 080000-120000');
  return { from: from?.first ?? null, to: to?.last ?? null };
};
