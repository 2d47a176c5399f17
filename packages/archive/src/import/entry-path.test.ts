// Pure: paths as archives and DICOMDIRs claim them.
import { posix, win32 } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryPath, foldPath, shownName } from './entry-path.ts';

/** Pieces that paths of attackers are made of, among ordinary ones. */
const piece = fc.oneof(
  fc.constantFrom(
    '..',
    '.',
    '...',
    '.. ',
    '..\0',
    '/',
    '\\',
    '//',
    'C:',
    'c:\\',
    '~',
    '%2e%2e',
    '\u2025',
    '\u202e',
    'a',
    ' ',
    '',
  ),
  fc.string({ maxLength: 6, unit: 'binary' }),
);
const hostile = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(''));

describe('a path', () => {
  it('stays inside its folder on every system, or is refused', () => {
    fc.assert(
      fc.property(hostile, (name) => {
        const path = entryPath(name);
        if (path === undefined) return;
        expect(posix.resolve('/root/folder', path).startsWith('/root/folder/')).toBe(true);
        expect(win32.resolve('D:\\root\\folder', path).startsWith('D:\\root\\folder\\')).toBe(true);
        expect(path).not.toMatch(/[\\\0]|^\/|(?:^|\/)\.\.(?:\/|$)/);
        expect(entryPath(path)).toBe(path);
      }),
      { numRuns: 5000 },
    );
  });

  it.each(['a', 'a/b', 'DICOM/IM000001', 'Röntgen/Zähne 1.dcm', 'a..b/..c', 'ab:c'])(
    '%s is taken as it is',
    (path) => {
      expect(entryPath(path)).toBe(path);
    },
  );

  it.each([
    '',
    '/',
    '..',
    '../a',
    'a/../b',
    'a/..',
    '/etc/passwd',
    '\\a',
    '\\\\server\\share',
    'C:a',
    'c:/a',
    'a/.. /b',
    'a\0',
    './..',
    './C:a',
    '.\\c:\\',
  ])('%j is refused', (path) => {
    expect(entryPath(path)).toBeUndefined();
  });

  it('is the same file in the spelling of ISO 9660', () => {
    expect(foldPath('IMAGES/IM0001.DCM;1')).toBe(foldPath('images/im0001.dcm'));
  });

  it('that is refused is still shown, without what would change the text around it', () => {
    fc.assert(
      fc.property(hostile, (name) => {
        const shown = shownName(name);
        expect(shown.length).toBeGreaterThan(0);
        expect(shown).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        expect(shown.isWellFormed()).toBe(true);
      }),
    );
  });
});
