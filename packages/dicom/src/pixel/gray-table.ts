/**
 * The 8-bit gray of every bit pattern. Bits above `highBit` do not count, so that only the patterns below are worked out:
 * 4,096 for 12 bits, not 65,536.
 */
export function grayTable(
  map: (pattern: number) => number,
  bitsAllocated: 8 | 16,
  highBit: number,
): Uint8Array {
  const table = new Uint8Array(2 ** bitsAllocated);
  const known = Math.min(table.length, 2 ** (highBit + 1));
  for (let pattern = 0; pattern < known; pattern++) table[pattern] = map(pattern);
  for (let filled = known; filled < table.length; filled *= 2) table.copyWithin(filled, 0, filled);
  return table;
}
