const KEYS = new Map<number, string>();
/** Private tags are unbounded, so that a hostile file could fill the memory with their names. */
const CACHED = 8192;

/** `x00100010` from 0x00100010: how dicom-parser names an element. */
export const tagKey = (tag: number): string => {
  const known = KEYS.get(tag);
  if (known !== undefined) return known;
  const key = `x${tag.toString(16).padStart(8, '0')}`;
  if (KEYS.size < CACHED) KEYS.set(tag, key);
  return key;
};
