import { isBinaryStl } from './encapsulate/read-stl.ts';

/** What a file that is no DICOM seems to be, among what becomes part of a patient's record. */
export type RecordFileKind = 'jpeg' | 'png' | 'tiff' | 'heic' | 'stl' | 'obj' | 'mtl' | 'ply' | 'pdf';

const HEIC_BRANDS = new Set(['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'mif1', 'msf1']);
/** A text may begin with remarks. */
const TEXT_HEAD = 4096;

/**
 * By its first bytes and its size; formats of text, which have no sign of their own, by their lines. Its name decides
 * nothing but that a broken STL is told of as one. `undefined`: something else.
 */
export const recordFileKind = (head: Buffer, size: number, name = ''): RecordFileKind | undefined => {
  const text = head.toString('latin1', 0, TEXT_HEAD);
  if (text.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (text.startsWith('II*\0') || text.startsWith('MM\0*')) return 'tiff';
  if (text.slice(4, 8) === 'ftyp') return HEIC_BRANDS.has(text.slice(8, 12)) ? 'heic' : undefined;
  if (text.slice(0, 1024).includes('%PDF-')) return 'pdf';
  if (/^ply\r?\n/.test(text)) return 'ply';
  if (isBinaryStl(head, size) || /\.stl$/i.test(name)) return 'stl';
  if (/^\s*solid\b[^\n]*\n\s*facet\s/.test(text)) return 'stl';
  if (/[^\t\n\r\x20-\x7e\x80-\xff]/.test(text)) return undefined;
  if (/^newmtl\s/m.test(text)) return 'mtl';
  return /^v\s+[-+.\d]\S*\s+[-+.\d]\S*\s+[-+.\d]/m.test(text) ? 'obj' : undefined;
};
