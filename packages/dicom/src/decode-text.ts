import { DESIGNATIONS, UNDECLARED, type CharacterSet, type CodeElement } from './character-set.ts';

const ESC = 0x1b;
const BACKSLASH = 0x5c;
const CARET = 0x5e;
const EQUALS = 0x3d;

/** What ends a designation: line ends always, the backslash where it separates values, `^` and `=` in person names (PS3.5 6.1.2.5.3). */
const isDelimiter = (byte: number, vr: string): boolean => {
  if (byte === 0x0a || byte === 0x0d || byte === 0x0c || byte === 0x09) return true;
  if (byte === BACKSLASH) return vr !== 'ST' && vr !== 'LT' && vr !== 'UT';
  return vr === 'PN' && (byte === CARET || byte === EQUALS);
};

const isPlainAscii = (bytes: Buffer): boolean => {
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x80 || byte === ESC) return false;
  }
  return true;
};

const designationAt = (bytes: Buffer, at: number) => {
  for (const length of [2, 3]) {
    const found = DESIGNATIONS.get(bytes.toString('latin1', at, at + length));
    if (found !== undefined) return { ...found, length };
  }
  return undefined;
};

/** Decodes run by run: a run is the longest stretch of bytes that one code element explains. */
const decodeExtended = (bytes: Buffer, set: CharacterSet, vr: string): string => {
  let text = '';
  let g0 = set.g0;
  let g1 = set.g1;
  let lastG1 = set.fallbackG1;
  let run: CodeElement | undefined;
  let runStart = 0;
  let at = 0;
  const flush = (): void => {
    if (run !== undefined && at > runStart) text += run.decode(bytes.subarray(runStart, at));
    runStart = at;
  };
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    if (byte === ESC) {
      const designation = designationAt(bytes, at + 1);
      if (designation !== undefined) {
        flush();
        if (designation.into === 'g0') g0 = designation.element;
        else lastG1 = g1 = designation.element;
        at += 1 + designation.length;
        runStart = at;
        run = undefined;
        continue;
      }
    }
    // Control characters are single bytes whatever G0 holds; the space is part of no 94-character set either.
    const element = byte >= 0x80 ? (g1 ?? lastG1 ?? UNDECLARED) : byte <= 0x20 ? set.g0 : g0;
    if (element !== run) {
      flush();
      run = element;
    }
    if (element.bytesPerCharacter === 1 && byte < 0x80 && isDelimiter(byte, vr)) {
      g0 = set.g0;
      g1 = set.g1;
    }
    at = Math.min(at + element.bytesPerCharacter, bytes.length);
  }
  flush();
  return text;
};

/**
 * The Unicode text of a value of SH, LO, ST, LT, UC, UT or PN, padding included, values still joined by backslashes.
 * Follows ISO 2022 code extensions (PS3.5 section 6.1.2.5). Never throws: what cannot be decoded is U+FFFD.
 */
export const decodeText = (bytes: Buffer, set: CharacterSet, vr: string): string => {
  if (isPlainAscii(bytes)) return bytes.toString('latin1');
  return set.whole === undefined ? decodeExtended(bytes, set, vr) : set.whole(bytes);
};
