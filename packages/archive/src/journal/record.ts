import { crc32 } from 'node:zlib';

import type { IngestSource } from '@archwire/contracts';

/**
 * One record of a segment, little endian:
 * magic u32 · header CRC u32 (over bytes 8–39 and the meta) · generation u48 + 2 zero bytes · sequence u32 · meta length u32 ·
 * body length u32 · body CRC u32 · 8 reserved bytes · meta (JSON) · body (a Part 10 file, or nothing for a large file).
 * The header has a CRC of its own, so that a damaged body does not hide the records behind it.
 */
export const RECORD_HEADER_LENGTH = 40;
const MAGIC = 0x52575241;
const MAX_META_LENGTH = 64 * 1024;

/** What a replay needs to know beside the bytes. */
export interface RecordMeta {
  readonly source: IngestSource;
  readonly sopInstanceUid: string;
  /** The object that holds the bytes when they are not in the record itself. */
  readonly large?: { readonly key: string; readonly length: number };
}

export interface RecordHeader {
  readonly generation: number;
  readonly sequence: number;
  readonly metaLength: number;
  readonly bodyLength: number;
  readonly bodyCrc: number;
}

/** Header and meta, ready to be written before the chunks of the body. */
export const encodeRecordHead = (
  place: { readonly generation: number; readonly sequence: number },
  meta: Buffer,
  body: { readonly length: number; readonly crc: number },
): Buffer => {
  const head = Buffer.alloc(RECORD_HEADER_LENGTH + meta.length);
  head.writeUInt32LE(MAGIC, 0);
  head.writeUIntLE(place.generation, 8, 6);
  head.writeUInt32LE(place.sequence, 16);
  head.writeUInt32LE(meta.length, 20);
  head.writeUInt32LE(body.length, 24);
  head.writeUInt32LE(body.crc, 28);
  meta.copy(head, RECORD_HEADER_LENGTH);
  head.writeUInt32LE(crc32(head.subarray(8)), 4);
  return head;
};

/** `undefined` when this cannot be a record header. The CRC is not checked yet: it covers the meta too. */
export const decodeRecordHeader = (bytes: Buffer): RecordHeader | undefined => {
  if (bytes.length < RECORD_HEADER_LENGTH || bytes.readUInt32LE(0) !== MAGIC) return undefined;
  const metaLength = bytes.readUInt32LE(20);
  if (metaLength > MAX_META_LENGTH) return undefined;
  return {
    generation: bytes.readUIntLE(8, 6),
    sequence: bytes.readUInt32LE(16),
    metaLength,
    bodyLength: bytes.readUInt32LE(24),
    bodyCrc: bytes.readUInt32LE(28),
  };
};

/** `head` is header and meta together. */
export const isRecordHeadIntact = (head: Buffer): boolean => head.readUInt32LE(4) === crc32(head.subarray(8));

export const crcOf = (chunks: readonly Buffer[]): number => {
  let crc = 0;
  for (const chunk of chunks) crc = crc32(chunk, crc);
  return crc;
};
