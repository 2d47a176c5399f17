/** What is taken over from a camera's notes (EXIF 2.32). Where the picture was taken, and whose camera it is, is not. */
export interface Exif {
  /** 1 to 8; 1 is upright. */
  readonly orientation: number;
  /** `YYYYMMDDHHMMSS`, with `+HHMM` when the camera knew its time zone. */
  readonly takenAt: string | null;
  readonly make: string | null;
  readonly model: string | null;
}

export const NO_EXIF: Exif = { orientation: 1, takenAt: null, make: null, model: null };

const ORIENTATION = 0x0112;
const MAKE = 0x010f;
const MODEL = 0x0110;
const EXIF_FOLDER = 0x8769;
const DATE_TIME_ORIGINAL = 0x9003;
const OFFSET_TIME_ORIGINAL = 0x9011;
/** Cameras write some dozens; whoever writes more than this wants to keep us busy. */
const MAX_ENTRIES = 512;
const ASCII = 2;
const SHORT = 3;
const LONG = 4;
/** LO of Manufacturer and Manufacturer's Model Name. */
const MAX_TEXT = 64;

type Entries = ReadonlyMap<number, { readonly type: number; readonly count: number; readonly at: number }>;

const reader = (bytes: Buffer) => {
  const little = bytes.toString('latin1', 0, 2) === 'II';
  const has = (at: number, length: number): boolean => at >= 0 && at + length <= bytes.length;
  const short = (at: number): number =>
    has(at, 2) ? (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)) : 0;
  const long = (at: number): number =>
    has(at, 4) ? (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)) : 0;
  const entries = (at: number): Entries => {
    const count = Math.min(short(at), MAX_ENTRIES);
    return new Map(
      Array.from({ length: count }, (_, index) => {
        const start = at + 2 + index * 12;
        return [short(start), { type: short(start + 2), count: long(start + 4), at: start + 8 }] as const;
      }),
    );
  };
  const text = (found: Entries, tag: number): string | null => {
    const entry = found.get(tag);
    if (entry?.type !== ASCII || entry.count === 0) return null;
    const start = entry.count <= 4 ? entry.at : long(entry.at);
    const length = Math.min(entry.count, 256);
    if (!has(start, length)) return null;
    const value = bytes.toString('latin1', start, start + length).split('\0', 1)[0] ?? '';
    const shown = value.replaceAll(/[^\x20-\x7e]|\\/g, ' ').trim();
    return shown === '' ? null : shown.slice(0, MAX_TEXT).trim();
  };
  const number = (found: Entries, tag: number): number | null => {
    const entry = found.get(tag);
    if (entry === undefined || entry.count !== 1) return null;
    if (entry.type === SHORT) return short(entry.at);
    return entry.type === LONG ? long(entry.at) : null;
  };
  return { short, long, entries, text, number };
};

/** `2026:03:01 10:20:30` as DT; `null` for the zeros of a camera whose clock was never set. */
const dateTime = (text: string | null, offset: string | null): string | null => {
  const match = /^(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)/.exec(text ?? '');
  if (match === null) return null;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = ''] = match;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const time = new Date(`${iso}Z`);
  if (Number(year) < 1900 || Number.isNaN(time.getTime()) || !time.toISOString().startsWith(iso)) return null;
  const zone = /^([+-])(0\d|1[0-4]):?([0-5]\d)$/.exec(offset ?? '');
  const suffix = zone === null ? '' : `${zone[1] ?? ''}${zone[2] ?? ''}${zone[3] ?? ''}`;
  return `${year}${month}${day}${hour}${minute}${second}${suffix}`;
};

/** Reads a TIFF structure: an EXIF block without its `Exif\0\0`, or a TIFF file. What is broken in it is as if it were absent. */
export const readExif = (bytes: Buffer): Exif => {
  const order = bytes.toString('latin1', 0, 2);
  if (order !== 'II' && order !== 'MM') return NO_EXIF;
  const { short, long, entries, text, number } = reader(bytes);
  if (short(2) !== 42) return NO_EXIF;
  const main = entries(long(4));
  const folder = number(main, EXIF_FOLDER);
  const camera: Entries = folder === null ? new Map() : entries(folder);
  const orientation = number(main, ORIENTATION) ?? 1;
  return {
    orientation: orientation >= 1 && orientation <= 8 ? orientation : 1,
    takenAt: dateTime(text(camera, DATE_TIME_ORIGINAL), text(camera, OFFSET_TIME_ORIGINAL)),
    make: text(main, MAKE),
    model: text(main, MODEL),
  };
};
