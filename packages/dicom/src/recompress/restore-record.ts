import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { AppError } from '@archwire/contracts/app-error';
import { z } from 'zod';

const Natural = z.int().min(0);
/** Bytes of the original, in their order. */
const Piece = z.union([
  /** The same bytes as in the recompressed object. */
  z.object({ copy: Natural, length: Natural }),
  /** Bytes of their own, in base64. */
  z.object({ bytes: z.string() }),
  /** All frames, decoded. */
  z.literal('frames'),
]);

/** What makes the original bytes of a recompressed object again. */
export const RestoreRecord = z.object({
  version: z.literal(1),
  /** Of the original. */
  length: Natural,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  transferSyntaxUid: z.string(),
  /** From the first byte of the original to its first pixel. */
  headLength: Natural,
  pieces: z.array(Piece),
  geometry: z.object({
    rows: Natural,
    columns: Natural,
    samplesPerPixel: Natural,
    bitsAllocated: Natural,
    bitsStored: Natural,
    signed: z.boolean(),
  }),
  planar: z.boolean(),
  /** The item of the first frame in the recompressed object; the others follow, each of even length. */
  firstItem: Natural,
  /** Bytes of each code stream, without padding. */
  lengths: z.array(Natural),
  /** CRC-32 of each code stream: a damaged one may decode without an error. */
  checks: z.array(Natural),
});
export type RestoreRecord = z.infer<typeof RestoreRecord>;

const MAGIC = 'AWR1';
/** Magic, bytes of the record, bytes of the recompressed object. */
export const ENTRY_HEADER = 16;

/** What stands in front of a recompressed object in its pack: the record lies with the bytes, so that they can be put back without the index. */
export const entryPrefix = (record: RestoreRecord, recompressedLength: number): Buffer => {
  const body = deflateRawSync(JSON.stringify(record), { level: 6 });
  const header = Buffer.alloc(ENTRY_HEADER);
  header.write(MAGIC, 0, 'latin1');
  header.writeUInt32LE(body.length, 4);
  header.writeBigUInt64LE(BigInt(recompressedLength), 8);
  return Buffer.concat([header, body]);
};

export interface EntryHeader {
  readonly recordLength: number;
  readonly recompressedLength: number;
}

const broken = (cause?: unknown): AppError =>
  new AppError('integrity', 'A recompressed object in the store is damaged. Restore it from a backup.', {
    cause,
  });

/** @throws AppError `integrity` when these are not the first bytes of an entry. */
export const readEntryHeader = (bytes: Buffer): EntryHeader => {
  if (bytes.length < ENTRY_HEADER || bytes.toString('latin1', 0, 4) !== MAGIC) throw broken();
  return { recordLength: bytes.readUInt32LE(4), recompressedLength: Number(bytes.readBigUInt64LE(8)) };
};

/** Of two million frames at the most. */
const MAX_RECORD = 64 * 1024 * 1024;

/** @throws AppError `integrity` */
export const readRestoreRecord = (body: Buffer): RestoreRecord => {
  try {
    const text = inflateRawSync(body, { maxOutputLength: MAX_RECORD }).toString('utf8');
    return RestoreRecord.parse(JSON.parse(text));
  } catch (cause) {
    throw broken(cause);
  }
};
