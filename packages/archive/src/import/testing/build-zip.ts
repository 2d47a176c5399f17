import { crc32, deflateRawSync } from 'node:zlib';

/** One entry, with whatever lies about it a test wants to tell. */
export interface ZipInput {
  readonly name: string | Buffer;
  readonly data: Buffer;
  readonly stored?: boolean;
  /** The compressed bytes, made elsewhere. */
  readonly raw?: Buffer;
  readonly method?: number;
  readonly flags?: number;
  readonly madeBy?: number;
  readonly external?: number;
  readonly crc?: number;
  /** Claimed uncompressed size. */
  readonly size?: number;
  /** Sizes and offset in a ZIP64 extra field, as archives above 4 GB have them. */
  readonly zip64?: boolean;
  /** Refers to the bytes of an earlier entry instead of its own. */
  readonly sharesBytesOf?: number;
}

const MAX_32 = 0xffffffff;

const header = (signature: number, length: number): Buffer => {
  const bytes = Buffer.alloc(length);
  bytes.writeUInt32LE(signature, 0);
  return bytes;
};

/** A ZIP archive written field by field (PKWARE APPNOTE 4.3), so that every field can lie. */
export const buildZip = (
  inputs: readonly ZipInput[],
  { zip64 = false, comment = '' }: { readonly zip64?: boolean; readonly comment?: string } = {},
): Buffer => {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  const offsets: number[] = [];
  let at = 0;
  const push = (bytes: Buffer): void => {
    parts.push(bytes);
    at += bytes.length;
  };
  for (const input of inputs) {
    const name = Buffer.isBuffer(input.name) ? input.name : Buffer.from(input.name, 'utf8');
    const flags = input.flags ?? 0x800;
    const method = input.method ?? (input.stored === true ? 0 : 8);
    const raw = input.raw ?? (input.stored === true ? input.data : deflateRawSync(input.data));
    const crc = input.crc ?? crc32(input.data);
    const size = input.size ?? input.data.length;
    const offset = input.sharesBytesOf === undefined ? at : (offsets[input.sharesBytesOf] ?? 0);
    offsets.push(offset);
    if (input.sharesBytesOf === undefined) {
      const local = header(0x04034b50, 30);
      local.writeUInt16LE(20, 4);
      local.writeUInt16LE(flags, 6);
      local.writeUInt16LE(method, 8);
      local.writeUInt32LE(crc >>> 0, 14);
      local.writeUInt32LE(raw.length, 18);
      local.writeUInt32LE(Math.min(size, MAX_32), 22);
      local.writeUInt16LE(name.length, 26);
      push(Buffer.concat([local, name, raw]));
    }
    const extra = Buffer.alloc(input.zip64 === true ? 28 : 0);
    if (input.zip64 === true) {
      extra.writeUInt16LE(1, 0);
      extra.writeUInt16LE(24, 2);
      extra.writeBigUInt64LE(BigInt(size), 4);
      extra.writeBigUInt64LE(BigInt(raw.length), 12);
      extra.writeBigUInt64LE(BigInt(offset), 20);
    }
    const entry = header(0x02014b50, 46);
    entry.writeUInt16LE(input.madeBy ?? 20, 4);
    entry.writeUInt16LE(20, 6);
    entry.writeUInt16LE(flags, 8);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(crc >>> 0, 16);
    entry.writeUInt32LE(input.zip64 === true ? MAX_32 : raw.length, 20);
    entry.writeUInt32LE(input.zip64 === true ? MAX_32 : Math.min(size, MAX_32), 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt16LE(extra.length, 30);
    entry.writeUInt32LE((input.external ?? 0) >>> 0, 38);
    entry.writeUInt32LE(input.zip64 === true ? MAX_32 : offset, 42);
    central.push(Buffer.concat([entry, name, extra]));
  }
  const start = at;
  for (const entry of central) push(entry);
  const length = at - start;
  if (zip64) {
    const record = header(0x06064b50, 56);
    record.writeBigUInt64LE(44n, 4);
    record.writeBigUInt64LE(BigInt(central.length), 24);
    record.writeBigUInt64LE(BigInt(central.length), 32);
    record.writeBigUInt64LE(BigInt(length), 40);
    record.writeBigUInt64LE(BigInt(start), 48);
    const locator = header(0x07064b50, 20);
    locator.writeBigUInt64LE(BigInt(at), 8);
    locator.writeUInt32LE(1, 16);
    push(record);
    push(locator);
  }
  const end = header(0x06054b50, 22);
  end.writeUInt16LE(zip64 ? 0xffff : central.length, 8);
  end.writeUInt16LE(zip64 ? 0xffff : central.length, 10);
  end.writeUInt32LE(zip64 ? MAX_32 : length, 12);
  end.writeUInt32LE(zip64 ? MAX_32 : start, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  push(Buffer.concat([end, Buffer.from(comment)]));
  return Buffer.concat(parts);
};
