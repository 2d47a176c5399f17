import { Readable } from 'node:stream';
import { AppError } from '@archwire/contracts';
import { IMPORT_LIMITS } from '@archwire/contracts/api/imports';
import type { ObjectStore } from '@archwire/storage-adapters';
import type { ByteStream } from './byte-stream.ts';

const PIECE = IMPORT_LIMITS.pieceBytes;

/** A file that waits to be opened, in pieces in the object store: any process can go on with it, also after a restart. */
export interface SpooledFile {
  readonly size: number;
  /** For small ranges. @throws AppError `not-found` when the pieces are gone. */
  read(position: number, length: number): Promise<Buffer>;
  stream(start: number, end: number): ByteStream;
}

export interface Spool {
  /** Durable when it resolves. @throws AppError `invalid` (`size-mismatch`) unless exactly `length` bytes come. */
  putPiece(
    tenantId: string,
    fileId: string,
    offset: number,
    length: number,
    bytes: ByteStream,
  ): Promise<void>;
  /** A whole file of known size. */
  putAll(tenantId: string, fileId: string, size: number, bytes: ByteStream): Promise<void>;
  open(tenantId: string, fileId: string, size: number): SpooledFile;
  /** Safe to repeat. */
  remove(tenantId: string, fileId: string, size: number): Promise<void>;
}

export const sizeMismatch = (): AppError =>
  new AppError(
    'invalid',
    'The file has another size than was announced. It may have been changed meanwhile: choose it again.',
    { details: { reason: 'size-mismatch' } },
  );

async function* exactly(bytes: ByteStream, length: number): AsyncGenerator<Buffer> {
  let seen = 0;
  for await (const chunk of bytes) {
    seen += chunk.length;
    if (seen > length) throw sizeMismatch();
    yield chunk;
  }
  if (seen !== length) throw sizeMismatch();
}

/** Cuts a stream into pieces of `PIECE` bytes, one after the other, without holding a piece in memory. */
const createCutter = (bytes: ByteStream) => {
  const iterator = bytes[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  return async function* cut(length: number): AsyncGenerator<Buffer> {
    for (let left = length; left > 0;) {
      if (rest.length === 0) {
        const next = await iterator.next();
        if (next.done === true) throw sizeMismatch();
        rest = next.value;
      }
      const part = rest.subarray(0, left);
      rest = rest.subarray(part.length);
      left -= part.length;
      if (part.length > 0) yield part;
    }
  };
};

/** Pieces lie under `imports/`, apart from everything that is kept. */
export const createSpool = (store: ObjectStore): Spool => {
  const keyOf = (tenantId: string, fileId: string, index: number): string =>
    `imports/${tenantId}/${fileId}/${index}`;

  return {
    putPiece: async (tenantId, fileId, offset, length, bytes) => {
      await store.put(keyOf(tenantId, fileId, offset / PIECE), Readable.from(exactly(bytes, length)));
    },
    putAll: async (tenantId, fileId, size, bytes) => {
      const cut = createCutter(exactly(bytes, size));
      for (let at = 0; at < size; at += PIECE) {
        await store.put(keyOf(tenantId, fileId, at / PIECE), Readable.from(cut(Math.min(PIECE, size - at))));
      }
    },
    open: (tenantId, fileId, size) => ({
      size,
      read: async (position, length) => {
        const parts: Buffer[] = [];
        for (let at = position; at < position + length;) {
          const inside = at % PIECE;
          const part = Math.min(PIECE - inside, position + length - at);
          parts.push(
            await store.read(keyOf(tenantId, fileId, (at - inside) / PIECE), {
              offset: inside,
              length: part,
            }),
          );
          at += part;
        }
        return parts.length === 1 ? (parts[0] ?? Buffer.alloc(0)) : Buffer.concat(parts);
      },
      async *stream(start, end) {
        for (let at = start; at < end;) {
          const inside = at % PIECE;
          const part = Math.min(PIECE - inside, end - at);
          const readable = await store.get(keyOf(tenantId, fileId, (at - inside) / PIECE), {
            offset: inside,
            length: part,
          });
          yield* readable;
          at += part;
        }
      },
    }),
    remove: async (tenantId, fileId, size) => {
      for (let index = 0; index <= Math.ceil(size / PIECE); index += 1)
        await store.delete(keyOf(tenantId, fileId, index));
    },
  };
};
