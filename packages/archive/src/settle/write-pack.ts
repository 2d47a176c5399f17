import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';

import { AppError } from '@archwire/contracts';

import type { TenantStore } from './create-settler.ts';
import type { PackIntents } from './pack-intents.ts';
import { verifyPack } from './verify-pack.ts';

/** What a pack is made of: bytes as they are to lie in it. */
export interface PackPiece<T> {
  readonly source: T;
  readonly length: number;
  /** Of these bytes, lower-case hexadecimal. */
  readonly sha256: string;
  readonly chunks: AsyncIterable<Buffer> | Iterable<Buffer>;
}

/** A piece and where it lies in the pack; its bytes are gone. */
export type Packed<P> = Omit<P, 'chunks'> & {
  readonly length: number;
  readonly sha256: string;
  readonly offset: number;
};

/** Either pieces laid end to end, or a file of one piece that is handed over whole. */
export type PackContent<P> =
  | { readonly pieces: AsyncIterable<P> }
  | {
      readonly file: string;
      readonly piece: Omit<P, 'chunks'> & { readonly length: number; readonly sha256: string };
    };

async function* laid<P extends PackPiece<unknown>>(
  pieces: AsyncIterable<P>,
  packed: Packed<P>[],
): AsyncGenerator<Buffer> {
  let offset = 0;
  for await (const { chunks, ...piece } of pieces) {
    packed.push({ ...piece, offset });
    yield* chunks;
    offset += piece.length;
  }
}

/**
 * Writes one immutable object, reads it back, and lets `commit` point the index at it. An intent says before that it is being
 * made, so that a crash at any moment leaves nothing that nobody knows of. `commit` gets the pieces only when all of them read
 * back as they should, and answers how many the index took; with none the object goes again.
 * @returns the pieces that did not read back. @throws what the store or `commit` throws.
 */
export const writePack = async <P extends PackPiece<unknown>>(
  parts: { readonly intents: PackIntents; readonly target: TenantStore },
  ids: { readonly tenantId: string; readonly seriesId: string },
  content: PackContent<P>,
  commit: (key: string, packed: readonly Packed<P>[]) => Promise<number>,
): Promise<readonly Packed<P>[]> => {
  const { intents, target } = parts;
  const { tenantId, seriesId } = ids;
  const packId = randomUUID();
  const key = `t/${tenantId}/series/${seriesId}/${packId}`;
  await intents.add(packId, { tenantId, seriesId, store: target.name, key });
  const packed: Packed<P>[] = [];
  let wrong: readonly Packed<P>[];
  try {
    if ('file' in content) {
      await target.store.putFile(key, content.file);
      packed.push({ ...content.piece, offset: 0 });
    } else {
      const stream = laid(content.pieces, packed);
      await target.store.put(key, Readable.from(stream, { objectMode: false, highWaterMark: 1 << 20 }));
      const { done } = await stream.next();
      if (done !== true)
        throw new AppError('integrity', 'The store did not take all that it was given. Check it.');
    }
    wrong = await verifyPack(target.store, key, packed);
  } catch (error) {
    // Nothing refers to it yet. Once the switch has begun, only a look at the index can tell: the next start sweeps.
    await target.store.delete(key);
    await intents.remove(packId);
    throw error;
  }
  const taken = wrong.length > 0 ? 0 : await commit(key, packed);
  if (taken === 0) await target.store.delete(key);
  await intents.remove(packId);
  return wrong;
};
