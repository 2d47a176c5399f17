import { createHash } from 'node:crypto';

import type { ObjectStore } from '@archwire/storage-adapters';

import type { UnsettledRange } from './plan-packs.ts';

/** Reads a pack back from its store and returns those ranges whose SHA-256 is not what was received. */
export const verifyPack = async (
  store: Pick<ObjectStore, 'get'>,
  key: string,
  ranges: readonly UnsettledRange[],
): Promise<UnsettledRange[]> => {
  const wrong: UnsettledRange[] = [];
  let current = 0;
  let left = ranges[0]?.length ?? 0;
  let sha = createHash('sha256');
  const next = (): void => {
    const range = ranges[current];
    if (range !== undefined && sha.digest('hex') !== range.sha256) wrong.push(range);
    current += 1;
    left = ranges[current]?.length ?? 0;
    sha = createHash('sha256');
  };
  for await (const chunk of await store.get(key)) {
    let bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
    while (bytes.length > 0 && current < ranges.length) {
      const piece = bytes.subarray(0, left);
      sha.update(piece);
      left -= piece.length;
      bytes = bytes.subarray(piece.length);
      if (left === 0) next();
    }
  }
  return [...wrong, ...ranges.slice(current)];
};
