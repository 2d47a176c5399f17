import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

import { AppError, type IngestSource, type InstanceHeader, type InstanceLocation } from '@archwire/contracts';
import { storageError } from '@archwire/storage-adapters';

import type { Journal } from '../journal/journal.ts';
import { firstBytes } from './first-bytes.ts';
import type { Indexer } from './indexer.ts';
import type { ObjectSink, Receipt } from './ingest.ts';
import { readHead } from './read-head.ts';

/** Up to here an object shares a segment; above it gets a file of its own. */
const SMALL_LIMIT = 1 << 20;
/** Of a large object, what stays in memory for the header. */
const KEPT_HEAD = 256 << 10;
/** A system call takes at most 1024 pieces; a peer that sends crumbs is copied together first. */
const MAX_PIECES = 512;

const tooLate = (): AppError => new AppError('internal', 'This object was finished or given up already.');

/** `expectedUid` is what the command said, `null` when only the bytes speak (STOW, import). */
export const createObjectSink = (
  deps: { readonly journal: Journal; readonly indexer: Indexer },
  source: IngestSource,
  expectedUid: string | null,
): ObjectSink => {
  const { journal, indexer } = deps;
  let chunks: Buffer[] = [];
  let length = 0;
  /** Of what came so far: counted while the next bytes are on their way, not when the sender waits for Success. */
  let crc = 0;
  let large: ReturnType<Journal['openLarge']> | undefined;
  let kept: Buffer[] = [];
  let keptLength = 0;
  let failure: unknown;
  let isOver = false;
  try {
    journal.assertRoom();
  } catch (error) {
    failure = error;
  }

  const forget = (): void => {
    if (large === undefined) journal.budget.remove(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
    chunks = [];
    kept = [];
  };

  const keep = (chunk: Buffer): void => {
    if (keptLength >= KEPT_HEAD) return;
    kept.push(chunk);
    keptLength += chunk.length;
  };

  const growLarge = (): ReturnType<Journal['openLarge']> => {
    const opened = journal.openLarge();
    journal.budget.remove(length);
    for (const chunk of chunks) {
      keep(chunk);
      opened.file.push(chunk);
    }
    chunks = [];
    return opened;
  };

  const check = (header: InstanceHeader): void => {
    if (expectedUid !== null && header.SOPInstanceUID !== expectedUid) {
      throw new AppError(
        'invalid',
        'The data set carries another SOP Instance UID than the command that sent it.',
        {
          details: { reason: 'uid-mismatch', expected: expectedUid, found: header.SOPInstanceUID },
        },
      );
    }
  };

  const receipt = (header: InstanceHeader, location: InstanceLocation): Receipt => ({
    header,
    location,
    byteLength: location.length,
    indexed: indexer.enqueue({ source, sopInstanceUid: header.SOPInstanceUID, header, location }),
  });

  const finishSmall = async (): Promise<Receipt> => {
    if (chunks.length > MAX_PIECES) chunks = [Buffer.concat(chunks, length)];
    const header = await readHead(
      length,
      (wanted) => firstBytes(chunks, wanted),
      () => Promise.reject(tooLate()),
    );
    check(header);
    const location = await journal.append(
      { source, sopInstanceUid: header.SOPInstanceUID },
      chunks,
      length,
      crc,
    );
    return receipt(header, location);
  };

  const readBack = async (key: string, wanted: number): Promise<Buffer> => {
    const file = await open(journal.pathOf(`${key}.part`), 'r');
    try {
      const bytes = Buffer.allocUnsafe(wanted);
      const { bytesRead } = await file.read(bytes, 0, wanted, 0);
      return bytes.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  };

  const finishLarge = async (opened: ReturnType<Journal['openLarge']>): Promise<Receipt> => {
    try {
      const header = await readHead(
        length,
        (wanted) => (wanted <= keptLength ? firstBytes(kept, wanted) : undefined),
        async (wanted) => {
          await opened.file.written();
          return await readBack(opened.key, wanted);
        },
      );
      check(header);
      const location = await journal.commitLarge(opened, { source, sopInstanceUid: header.SOPInstanceUID });
      return receipt(header, location);
    } catch (error) {
      await opened.file.abort();
      throw error;
    }
  };

  return {
    write(chunk) {
      if (isOver || failure !== undefined || chunk.length === 0) return true;
      if (large !== undefined) {
        keep(chunk);
        length += chunk.length;
        return large.file.push(chunk);
      }
      chunks.push(chunk);
      length += chunk.length;
      crc = crc32(chunk, crc);
      journal.budget.add(chunk.length);
      if (length > SMALL_LIMIT) large = growLarge();
      return true;
    },
    drained: () => (large === undefined || isOver ? Promise.resolve() : large.file.drained()),
    async finish() {
      if (isOver) throw tooLate();
      isOver = true;
      try {
        if (failure !== undefined) throw failure;
        return large === undefined ? await finishSmall() : await finishLarge(large);
      } catch (error) {
        throw storageError(error);
      } finally {
        forget();
      }
    },
    async abort() {
      if (isOver) return;
      isOver = true;
      forget();
      await large?.file.abort();
    },
  };
};
