import { crc32 } from 'node:zlib';
import { AppError } from '@archwire/contracts/app-error';
import type { StoredBytes } from '../pixel/stored-bytes.ts';
import { separated } from './frame-samples.ts';
import type { Htj2kGeometry } from './htj2k-geometry.ts';
import { ENTRY_HEADER, readEntryHeader, readRestoreRecord, type RestoreRecord } from './restore-record.ts';

/** A recompressed object as it lies in its pack. */
export interface RecompressedObject {
  readonly record: RestoreRecord;
  /** The Part 10 object in HTJ2K, which any reader of DICOM understands. */
  readonly recompressed: StoredBytes;
  /** Of the whole entry, record and object. */
  readonly storedLength: number;
}

export type DecodeFrame = (codestream: Buffer, geometry: Htj2kGeometry) => Promise<Buffer>;

/** Reads the record of an entry that begins at the first byte of `entry`; more may follow it. @throws AppError `integrity` */
export const openRecompressed = async (entry: Pick<StoredBytes, 'read'>): Promise<RecompressedObject> => {
  const { recordLength, recompressedLength } = readEntryHeader(await entry.read(0, ENTRY_HEADER));
  const start = ENTRY_HEADER + recordLength;
  return {
    record: readRestoreRecord(await entry.read(ENTRY_HEADER, recordLength)),
    recompressed: {
      length: recompressedLength,
      read: async (offset, length, into) => await entry.read(start + offset, length, into),
    },
    storedLength: start + recompressedLength,
  };
};

interface Placed {
  readonly piece: RestoreRecord['pieces'][number];
  readonly from: number;
  readonly to: number;
}

const even = (length: number): number => length + (length % 2);

/** The bytes that a recompressed object was made of, to be read by range; only the frames that a range touches are decoded. */
export interface RestoredBytes extends StoredBytes {
  /** The same range piece by piece, a frame or less at a time. */
  stream(offset: number, length: number): AsyncGenerator<Buffer, void, undefined>;
}

/** @throws AppError (from reading) `integrity` or `invalid` when the entry is damaged; what `decode` and the store throw. */
export const restoredBytes = (
  { record, recompressed }: Pick<RecompressedObject, 'record' | 'recompressed'>,
  decode: DecodeFrame,
): RestoredBytes => {
  const { geometry, planar, lengths, checks, firstItem } = record;
  const { rows, columns, samplesPerPixel, bitsAllocated } = geometry;
  const width = bitsAllocated / 8;
  const frameBytes = rows * columns * samplesPerPixel * width;
  const codestreams: { readonly offset: number; readonly length: number }[] = [];
  let item = firstItem;
  for (const length of lengths) {
    codestreams.push({ offset: item + 8, length });
    item += 8 + even(length);
  }
  const lengthOf = (piece: RestoreRecord['pieces'][number]): number => {
    if (piece === 'frames') return frameBytes * lengths.length;
    return 'copy' in piece ? piece.length : Buffer.byteLength(piece.bytes, 'base64');
  };
  const placed: Placed[] = [];
  let total = 0;
  for (const piece of record.pieces) {
    const length = lengthOf(piece);
    placed.push({ piece, from: total, to: total + length });
    total += length;
  }

  const frame = async (index: number): Promise<Buffer> => {
    const place = codestreams[index];
    if (place === undefined)
      throw new AppError('integrity', 'A recompressed object names a frame that it does not have.');
    const codestream = await recompressed.read(place.offset, place.length);
    if (crc32(codestream) !== checks[index])
      throw new AppError(
        'integrity',
        'A recompressed frame in the store is damaged. Restore it from a backup.',
      );
    const samples = await decode(codestream, geometry);
    return planar ? separated(samples, samplesPerPixel, width) : samples;
  };

  async function* part(
    piece: Placed['piece'],
    from: number,
    to: number,
  ): AsyncGenerator<Buffer, void, undefined> {
    if (piece === 'frames') {
      for (let index = Math.floor(from / frameBytes); index * frameBytes < to; index++) {
        const start = index * frameBytes;
        yield (await frame(index)).subarray(Math.max(0, from - start), Math.min(frameBytes, to - start));
      }
    } else if ('copy' in piece) yield await recompressed.read(piece.copy + from, to - from);
    else yield Buffer.from(piece.bytes, 'base64').subarray(from, to);
  }

  async function* stream(offset: number, length: number): AsyncGenerator<Buffer, void, undefined> {
    const end = offset + length;
    for (const { piece, from, to } of placed) {
      if (to <= offset || from >= end || from === to) continue;
      yield* part(piece, Math.max(0, offset - from), Math.min(to, end) - from);
    }
  }

  return {
    length: record.length,
    headLength: async () => record.headLength,
    stream,
    read: async (offset, length) => {
      const parts: Buffer[] = [];
      for await (const bytes of stream(offset, length)) parts.push(bytes);
      const [only] = parts;
      return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
    },
  };
};
