import { createHash } from 'node:crypto';

import type { ObjectStore } from '@archwire/storage-adapters';

interface Verifiable {
  readonly length: number;
  readonly sha256: string;
}

/** Reads a pack back from its store and returns those of its pieces, laid end to end, whose SHA-256 is another. */
export const verifyPack = async <P extends Verifiable>(
  store: Pick<ObjectStore, 'get'>,
  key: string,
  pieces: readonly P[],
): Promise<P[]> => {
  const wrong: P[] = [];
  let current = 0;
  let left = pieces[0]?.length ?? 0;
  let sha = createHash('sha256');
  const next = (): void => {
    const piece = pieces[current];
    if (piece !== undefined && sha.digest('hex') !== piece.sha256) wrong.push(piece);
    current += 1;
    left = pieces[current]?.length ?? 0;
    sha = createHash('sha256');
  };
  for await (const chunk of await store.get(key)) {
    let bytes: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
    while (bytes.length > 0 && current < pieces.length) {
      const piece = bytes.subarray(0, left);
      sha.update(piece);
      left -= piece.length;
      bytes = bytes.subarray(piece.length);
      if (left === 0) next();
    }
  }
  return [...wrong, ...pieces.slice(current)];
};
