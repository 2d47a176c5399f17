import { useMemo } from 'react';
import { useLocale } from 'react-aria-components';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;
const STEPS = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** A day (`2026-11-20`) stays the same day in every zone; an instant is shown in the zone of the browser. */
const toDate = (value: string | Date): { readonly date: Date; readonly timeZone?: string } =>
  typeof value !== 'string'
    ? { date: value }
    : DAY.test(value)
      ? { date: new Date(`${value}T00:00:00Z`), timeZone: 'UTC' }
      : { date: new Date(value) };

const createFormat = (locale: string) => {
  const made = new Map<string, Intl.DateTimeFormat>();
  const dateFormat = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
    const key = JSON.stringify(options);
    const format = made.get(key) ?? new Intl.DateTimeFormat(locale, options);
    made.set(key, format);
    return format;
  };
  const show = (value: string | Date, options: Intl.DateTimeFormatOptions): string => {
    const { date, timeZone } = toDate(value);
    if (Number.isNaN(date.getTime())) return typeof value === 'string' ? value : '';
    return dateFormat(timeZone === undefined ? options : { ...options, timeZone }).format(date);
  };
  const number = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  return {
    locale,
    /** "20 Nov 2026". */
    date: (value: string | Date): string => show(value, { day: 'numeric', month: 'short', year: 'numeric' }),
    /** "Nov 2026". */
    month: (value: string | Date): string => show(value, { month: 'short', year: 'numeric' }),
    /** "20 Nov 2026, 10:12". */
    dateTime: (value: string | Date): string =>
      show(value, { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' }),
    /** "10:12". */
    time: (value: string | Date): string => show(value, { hour: '2-digit', minute: '2-digit' }),
    number: (value: number): string => number.format(value),
    /** 0 to 1. */
    percent: (value: number): string => percent.format(value),
    /** "3 hours ago"; below a minute "now". */
    relative: (value: string | Date, now: Date = new Date()): string => {
      const seconds = (toDate(value).date.getTime() - now.getTime()) / 1000;
      if (Number.isNaN(seconds)) return '';
      const [unit, size] = STEPS.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
      return relative.format(unit === 'second' ? 0 : Math.round(seconds / size), unit);
    },
    /** "12 MB"; decimal units, as disks are sold. */
    bytes: (value: number): string => {
      const step = value < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(value) / 3));
      return new Intl.NumberFormat(locale, {
        style: 'unit',
        unit: UNITS[step] ?? 'byte',
        unitDisplay: 'short',
        maximumFractionDigits: value < 1000 ** step * 10 && step > 0 ? 1 : 0,
      }).format(value / 1000 ** step);
    },
    /** "pano, ceph and photos". */
    list: (values: readonly string[]): string => list.format(values),
  };
};

/** Dates, numbers and sizes as the person's language writes them. */
export type Format = ReturnType<typeof createFormat>;

/** The one place that turns values into words; no page formats by itself. */
export const useFormat = (): Format => {
  const { locale } = useLocale();
  return useMemo(() => createFormat(locale), [locale]);
};
