import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

import type { InstanceLocation } from '@archwire/contracts';

import { decodeRecordHeader, isRecordHeadIntact, RECORD_HEADER_LENGTH, type RecordMeta } from './record.ts';
import { decodeSegmentHeader, SEGMENT_HEADER_LENGTH, segmentKey } from './segment-file.ts';

export interface JournalEntry {
  readonly meta: RecordMeta;
  /** Where the bytes are: in this segment, or in a large file. */
  readonly location: InstanceLocation;
  /** Where the record itself is. */
  readonly record: { readonly key: string; readonly offset: number };
}

/** `clean`: everything up to the first free byte was read. `damaged`: something follows that is not a whole record. */
export interface ScanEnd {
  state: 'clean' | 'damaged';
  /** Records whose header is whole and whose body is not. The last one of a segment was never acknowledged. */
  damagedRecords: number;
}

const readAt = async (file: FileHandle, length: number, position: number): Promise<Buffer> => {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
};

const parseMeta = (bytes: Buffer): RecordMeta => {
  const meta: RecordMeta = JSON.parse(bytes.toString('utf8'));
  return meta;
};

/**
 * Reads a segment's records in order. Ends at the first header with a wrong magic, generation, sequence or CRC:
 * what lies behind was never acknowledged, or is left from an earlier use of the file.
 */
export async function* scanSegment(
  path: string,
  generation: number,
  end: ScanEnd,
): AsyncGenerator<JournalEntry> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (decodeSegmentHeader(await readAt(file, SEGMENT_HEADER_LENGTH, 0)) !== generation) return;
    const key = segmentKey(generation);
    let at = SEGMENT_HEADER_LENGTH;
    for (let sequence = 0; at + RECORD_HEADER_LENGTH <= size; sequence += 1) {
      const first = await readAt(file, RECORD_HEADER_LENGTH, at);
      const header = decodeRecordHeader(first);
      if (header === undefined || header.generation !== generation || header.sequence !== sequence) {
        if (header?.generation === generation || (header === undefined && first.some((byte) => byte !== 0)))
          end.state = 'damaged';
        return;
      }
      const metaEnd = at + RECORD_HEADER_LENGTH + header.metaLength;
      const head = await readAt(file, metaEnd - at, at);
      if (!isRecordHeadIntact(head) || metaEnd + header.bodyLength > size) {
        end.state = 'damaged';
        return;
      }
      const meta = parseMeta(head.subarray(RECORD_HEADER_LENGTH));
      const body = await readAt(file, header.bodyLength, metaEnd);
      const record = { key, offset: metaEnd };
      if (crc32(body) === header.bodyCrc) {
        const location =
          meta.large === undefined
            ? { store: 'journal', key, offset: metaEnd, length: header.bodyLength }
            : { store: 'journal', key: meta.large.key, offset: 0, length: meta.large.length };
        yield { meta, location, record };
      } else {
        end.state = 'damaged';
        end.damagedRecords += 1;
      }
      at = metaEnd + header.bodyLength;
    }
  } finally {
    await file.close();
  }
}
