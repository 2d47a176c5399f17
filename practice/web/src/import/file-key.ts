const OFFSET = 0xdeadbeef;
const OTHER_OFFSET = 0x41c6ce57;

/**
 * 106 bits that tell paths of one person's folders apart. Not `crypto.subtle`: that is missing on a server without TLS
 * in a local network. Nothing depends on nobody finding two paths with the same hash.
 */
export const hashText = (text: string): string => {
  const half = (seed: number): string => {
    let a = OFFSET ^ seed;
    let b = OTHER_OFFSET ^ seed;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      a = Math.imul(a ^ code, 2654435761);
      b = Math.imul(b ^ code, 1597334677);
    }
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
    return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36).padStart(11, '0');
  };
  return half(0) + half(1);
};

/** What a file is called between this browser and the server: the same file chosen again has the same key. */
export const fileKey = (path: string, file: Pick<File, 'size' | 'lastModified'>): string =>
  `${hashText(path)}-${file.size.toString(36)}-${file.lastModified.toString(36)}`;
