import { recordFileProblem } from '../record-file-problem.ts';
import { type Exif, NO_EXIF, readExif } from './read-exif.ts';

/** A JPEG without what cameras write around the picture, and what its headers say. */
export interface CleanJpeg {
  /** Every byte that makes up the picture, unchanged: tables, frame, scans; JFIF, Adobe and ICC markers. */
  readonly bytes: Buffer;
  readonly exif: Exif;
  /** Sequential, Huffman coded, 8 bits: what DICOM calls JPEG Baseline (Process 1). */
  readonly baseline: boolean;
  readonly rows: number;
  readonly columns: number;
  readonly components: number;
  /** The three components are red, green and blue, not luminance and chrominance. */
  readonly rgb: boolean;
}

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP2 = 0xe2;
const APP14 = 0xee;
const COMMENT = 0xfe;
const FRAMES = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf]);
const BASELINE = 0xc0;
const RED_GREEN_BLUE = 'RGB';

/** Where the entropy-coded bytes that begin at `from` end: at the next marker that is no restart. */
const endOfScan = (bytes: Buffer, from: number): number => {
  for (
    let at = bytes.indexOf(0xff, from);
    at !== -1 && at + 1 < bytes.length;
    at = bytes.indexOf(0xff, at + 1)
  ) {
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  throw recordFileProblem('photo-damaged');
};

const startsWith = (segment: Buffer, word: string): boolean =>
  segment.toString('latin1', 4, 4 + word.length) === word;

/** JFIF without its small picture, which may show more than the large one; Adobe's colour transform; the ICC profile. */
const isKept = (marker: number, segment: Buffer): boolean => {
  if (marker === COMMENT) return false;
  if (marker < 0xe0 || marker > 0xef) return true;
  if (marker === APP0)
    return startsWith(segment, 'JFIF\0') && (segment[16] ?? 0) === 0 && (segment[17] ?? 0) === 0;
  if (marker === APP2) return startsWith(segment, 'ICC_PROFILE\0');
  return marker === APP14 && startsWith(segment, 'Adobe');
};

/**
 * Takes out EXIF with its position and owner, XMP, IPTC, comments, small and further pictures, and whatever stands behind
 * the end, without touching a byte of the picture. @throws AppError `invalid` (`photo-damaged`).
 */
export const cleanJpeg = (file: Buffer): CleanJpeg => {
  if (file[0] !== 0xff || file[1] !== SOI) throw recordFileProblem('photo-damaged');
  const kept: Buffer[] = [file.subarray(0, 2)];
  let exif: Exif = NO_EXIF;
  let frame: Buffer | undefined;
  let frameMarker = 0;
  let transform: number | undefined;
  for (let at = 2; ;) {
    while (file[at] === 0xff && file[at + 1] === 0xff) at += 1;
    if (file[at] !== 0xff || at + 2 > file.length) throw recordFileProblem('photo-damaged');
    const marker = file[at + 1] ?? 0;
    if (marker === EOI) {
      kept.push(file.subarray(at, at + 2));
      break;
    }
    const length = at + 4 <= file.length ? file.readUInt16BE(at + 2) : 0;
    const end = at + 2 + length;
    if (length < 2 || end > file.length) throw recordFileProblem('photo-damaged');
    const segment = file.subarray(at, end);
    if (marker === APP1 && startsWith(segment, 'Exif\0\0') && exif === NO_EXIF)
      exif = readExif(segment.subarray(10));
    if (marker === APP14 && startsWith(segment, 'Adobe')) transform = segment[15];
    if (FRAMES.has(marker)) {
      // A second frame is a second picture: no JPEG that DICOM knows.
      if (frame !== undefined || segment.length < 10) throw recordFileProblem('photo-damaged');
      frame = segment;
      frameMarker = marker;
    }
    if (isKept(marker, segment)) kept.push(segment);
    at = end;
    if (marker === SOS) {
      const scanEnd = endOfScan(file, at);
      kept.push(file.subarray(at, scanEnd));
      at = scanEnd;
    }
  }
  const components = frame?.[9] ?? 0;
  if (frame === undefined || frame.length < 10 + components * 3) throw recordFileProblem('photo-damaged');
  const names = String.fromCharCode(
    ...Array.from({ length: components }, (_, at) => frame[10 + at * 3] ?? 0),
  );
  return {
    bytes: Buffer.concat(kept),
    exif,
    baseline: frameMarker === BASELINE && frame[4] === 8 && (components === 1 || components === 3),
    rows: frame.readUInt16BE(5),
    columns: frame.readUInt16BE(7),
    components,
    rgb: components === 3 && (transform === 0 || (transform === undefined && names === RED_GREEN_BLUE)),
  };
};
