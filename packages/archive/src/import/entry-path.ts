const MAX_LENGTH = 1000;

/**
 * The path of a file as its medium has it, with `/`, or `undefined` when it points outside of its folder, is absolute,
 * or is no path. Nothing is ever written under such a name; what lies about its place is not believed in other things either.
 */
export const entryPath = (name: string): string | undefined => {
  const path = name.replaceAll('\\', '/');
  if (path === '' || path.length > MAX_LENGTH || path.includes('\0') || !path.isWellFormed())
    return undefined;
  if (path.startsWith('/')) return undefined;
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  const [first] = parts;
  // A drive may also hide behind `./`.
  if (first === undefined || /^[A-Za-z]:/.test(first)) return undefined;
  if (parts.some((part) => /^\.\.[. ]*$/.test(part))) return undefined;
  return parts.join('/');
};

/** The same file in the spelling of every file system: ISO 9660 knows no small letters and adds a version. */
export const foldPath = (path: string): string => path.normalize('NFC').toLowerCase().replace(/;\d+$/, '');

/** A name to show of one that is refused: no control characters, no bidirectional overrides, not too long. */
export const shownName = (name: string): string =>
  name
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, '\u{fffd}')
    .slice(0, MAX_LENGTH) || '?';
