import { createHash } from 'node:crypto';
import { AppError } from '@archwire/contracts/app-error';
import { storedBuffer } from '../pixel/stored-bytes.ts';
import { readInstanceHead } from '../read-instance-head.ts';
import { decodeHtj2k } from './decode-htj2k.ts';
import { encodeHtj2k } from './encode-htj2k.ts';
import type { LeftAlone } from './left-alone.ts';
import { frameItem, recompressInstance } from './recompress-instance.ts';
import { openRecompressed, restoredBytes } from './restored-bytes.ts';

/** An entry of a pack, proven to give back the original. */
export interface RecompressedEntry {
  readonly entry: Buffer;
  /** Of the entry, lower-case hexadecimal. */
  readonly sha256: string;
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * Recompresses a whole object in memory and proves it: every frame is decoded again, the original put together and its SHA-256
 * compared with `sha256`, which is of the bytes as they were received. Works in the calling thread.
 */
export const recompressBytes = async (
  bytes: Buffer,
  sha256: string,
): Promise<RecompressedEntry | LeftAlone> => {
  try {
    const head = readInstanceHead(bytes, { totalLength: bytes.length });
    const items: Buffer[] = [];
    const parts = await recompressInstance({
      head,
      stored: storedBuffer(bytes),
      sha256,
      encode: async (samples, geometry) => {
        const codestream = await encodeHtj2k(samples, geometry);
        items.push(...frameItem(codestream));
        return codestream;
      },
    });
    if (typeof parts === 'string') return parts;
    const all = [parts.before, ...items, parts.after];
    // Memory of its own, which can be handed to another thread.
    const entry = Buffer.from(new ArrayBuffer(parts.length));
    let at = 0;
    for (const part of all) at += part.copy(entry, at);
    const restored = restoredBytes(await openRecompressed(storedBuffer(entry)), decodeHtj2k);
    const hash = createHash('sha256');
    for await (const part of restored.stream(0, restored.length)) hash.update(part);
    return hash.digest('hex') === sha256 ? { entry, sha256: digest(entry) } : 'not-exact';
  } catch (error) {
    if (!(error instanceof AppError)) return 'not-exact';
    return error.kind === 'invalid' ? 'unreadable' : 'not-exact';
  }
};
