import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { pipeline } from 'node:stream';
import { AppError } from '@archwire/contracts';
import { type Entry, fromRandomAccessReaderPromise, getFileNameLowLevel, RandomAccessReader } from 'yauzl';
import type { ByteStream } from './byte-stream.ts';
import type { ImportReason } from './import-reason.ts';
import type { SpooledFile } from './spool.ts';

/** One file of an archive, as the central directory describes it. */
export interface ZipEntry {
  /** Of the central directory, from 0. */
  readonly index: number;
  /** As written; nothing of it is believed. */
  readonly name: string;
  readonly compressedSize: number;
  readonly size: number;
  /** Why it cannot be read at all. */
  readonly obstacle: ImportReason | null;
  /** @throws AppError `invalid` (`zip-damaged`, `zip-crc`) while reading. Stops when it grows beyond its announced size. */
  bytes(): ByteStream;
}

/** What reading a file of an archive stumbles over: damage, never a passing trouble. */
export const zipProblem = (reason: ImportReason, cause?: unknown): AppError =>
  new AppError('invalid', 'The ZIP archive cannot be read.', {
    details: { reason },
    ...(cause === undefined ? {} : { cause }),
  });

const BLOCK = 256 * 1024;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 0x1;
const FILE_TYPE = 0o170000;
const SYMBOLIC_LINK = 0o120000;
const MADE_BY_UNIX = 3;

/** The central directory is read in crumbs: blocks make one request of many. */
class SpoolReader extends RandomAccessReader {
  readonly #file: SpooledFile;
  #block: { readonly start: number; readonly bytes: Buffer } = { start: 0, bytes: Buffer.alloc(0) };
  #failure: unknown;

  constructor(file: SpooledFile) {
    super();
    this.#file = file;
  }

  /** What the store said, as opposed to what is wrong with the archive. */
  get failure(): unknown {
    return this.#failure;
  }

  async #load(position: number, length: number): Promise<Buffer> {
    const { start, bytes } = this.#block;
    if (position >= start && position + length <= start + bytes.length)
      return bytes.subarray(position - start, position - start + length);
    if (position + length > this.#file.size) throw new Error('The archive points behind its end.');
    const wanted = Math.min(Math.max(length, BLOCK), this.#file.size - position);
    try {
      this.#block = { start: position, bytes: await this.#file.read(position, wanted) };
    } catch (error) {
      this.#failure = error;
      throw error;
    }
    return this.#block.bytes.subarray(0, length);
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    const load = async (): Promise<Error | null> => {
      try {
        (await this.#load(position, length)).copy(buffer, offset);
        return null;
      } catch (error) {
        return error instanceof Error ? error : new Error('The read failed.');
      }
    };
    // yauzl knows callbacks only, and calls the next read from within.
    // oxlint-disable-next-line promise/no-callback-in-promise
    void load().then(callback);
  }
}

const isLink = ({ versionMadeBy, externalFileAttributes }: Entry): boolean =>
  versionMadeBy >>> 8 === MADE_BY_UNIX && ((externalFileAttributes >>> 16) & FILE_TYPE) === SYMBOLIC_LINK;

const obstacleOf = (entry: Entry): ImportReason | null => {
  if ((entry.generalPurposeBitFlag & ENCRYPTED) !== 0) return 'zip-encrypted';
  if (isLink(entry)) return 'symbolic-link';
  return entry.compressionMethod === STORED || entry.compressionMethod === DEFLATED
    ? null
    : 'zip-compression';
};

/** Inflated bytes of a range, let go of as soon as the reader leaves. */
async function* inflated(raw: ByteStream): AsyncGenerator<Buffer> {
  const inflate = createInflateRaw({ chunkSize: 64 * 1024 });
  const source = Readable.from(raw);
  let failure: unknown;
  source.once('error', (error) => (failure = error));
  pipeline(source, inflate, () => {});
  try {
    for await (const chunk of inflate) yield Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
  } catch (error) {
    if (failure !== undefined) throw failure;
    throw zipProblem('zip-damaged', error);
  } finally {
    source.destroy();
    inflate.destroy();
  }
}

async function* checked(bytes: ByteStream, entry: Entry): AsyncGenerator<Buffer> {
  let size = 0;
  let crc = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > entry.uncompressedSize) throw zipProblem('zip-damaged');
    crc = crc32(chunk, crc);
    yield chunk;
  }
  if (size !== entry.uncompressedSize) throw zipProblem('zip-damaged');
  if (crc !== entry.crc32) throw zipProblem('zip-crc');
}

/**
 * The files of an archive in the order of its central directory, folders left out. Memory does not grow with their number.
 * @throws AppError `invalid` with reason `zip-damaged` or `zip-encrypted`; what the store throws goes through.
 */
export async function* zipEntries(file: SpooledFile): AsyncGenerator<ZipEntry> {
  const reader = new SpoolReader(file);
  const explain = (error: unknown): unknown => {
    if (reader.failure !== undefined) return reader.failure;
    const isStrong = error instanceof Error && error.message.startsWith('strong encryption');
    return zipProblem(isStrong ? 'zip-encrypted' : 'zip-damaged', error);
  };
  // Names are taken raw: one that is unsafe must not hide the others.
  const zip = await fromRandomAccessReaderPromise(reader, file.size, {
    lazyEntries: true,
    autoClose: false,
    decodeStrings: false,
  }).catch((error: unknown) => {
    throw explain(error);
  });
  const entries = zip.eachEntry();
  try {
    for (let index = 0; ; index += 1) {
      const next = await entries.next().catch((error: unknown) => {
        throw explain(error);
      });
      if (next.done === true) return;
      const entry = next.value;
      const name = getFileNameLowLevel(
        entry.generalPurposeBitFlag,
        entry.fileNameRaw,
        entry.extraFields,
        true,
      );
      if (/[/\\]$/.test(name) && entry.uncompressedSize === 0) continue;
      yield {
        index,
        name,
        compressedSize: entry.compressedSize,
        size: entry.uncompressedSize,
        obstacle: obstacleOf(entry),
        async *bytes() {
          const { fileDataStart } = await zip
            .readLocalFileHeaderPromise(entry, { minimal: true })
            .catch((error: unknown) => {
              throw explain(error);
            });
          const end = fileDataStart + entry.compressedSize;
          if (end > file.size) throw zipProblem('zip-damaged');
          const raw = file.stream(fileDataStart, end);
          yield* checked(entry.compressionMethod === STORED ? raw : inflated(raw), entry);
        },
      };
    }
  } finally {
    zip.close();
  }
}
