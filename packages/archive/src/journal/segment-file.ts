import { closeSync, fsyncSync, ftruncateSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { basename, dirname } from 'node:path';
import { crc32 } from 'node:zlib';

/** Records start here; the header has a block of its own so that no record shares it. */
export const SEGMENT_HEADER_LENGTH = 4096;
const MAGIC = Buffer.from('ARCHWJ01', 'latin1');
const ZEROS = Buffer.alloc(1 << 20);

export const segmentKey = (generation: number): string =>
  `segments/${String(generation).padStart(15, '0')}.seg`;

/** The generation in a segment's file name, `undefined` for any other file. */
export const generationOf = (path: string): number | undefined => {
  const match = /^([0-9]{15})\.seg$/.exec(basename(path));
  return match?.[1] === undefined ? undefined : Number(match[1]);
};

const encodeHeader = (generation: number): Buffer => {
  const header = Buffer.alloc(SEGMENT_HEADER_LENGTH);
  MAGIC.copy(header);
  header.writeUIntLE(generation, 8, 6);
  header.writeUInt32LE(crc32(header.subarray(0, 16)), 16);
  return header;
};

/** `undefined` for a file that never became a segment. */
export const decodeSegmentHeader = (bytes: Buffer): number | undefined => {
  if (bytes.length < 20 || !bytes.subarray(0, 8).equals(MAGIC)) return undefined;
  return bytes.readUInt32LE(16) === crc32(bytes.subarray(0, 16)) ? bytes.readUIntLE(8, 6) : undefined;
};

/** A new directory entry is durable only when its folder is. */
export const syncFolderSync = (path: string): void => {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
};

/**
 * Fills a spare file with zeros, so that a later write changes no metadata and its flush is one disk write.
 * `pause` is asked between megabytes and may delay, to leave the disk to whoever receives.
 */
export const prewriteFile = async (path: string, size: number, pause: () => boolean): Promise<void> => {
  const file = await open(path, 'wx', 0o600);
  try {
    for (let at = 0; at < size; at += ZEROS.length) {
      while (pause()) await sleep(50);
      await file.write(ZEROS, 0, Math.min(ZEROS.length, size - at), at);
      // Flushed bit by bit: a record that arrives now would otherwise wait for all of it.
      await file.datasync();
    }
    await file.sync();
  } finally {
    await file.close();
  }
};

/** Turns a spare file into a segment: header and directory entry are durable when it resolves. Returns the descriptor. */
export const adoptSpare = async (spare: string, path: string, generation: number): Promise<number> => {
  await rename(spare, path);
  const fd = openSync(path, 'r+');
  try {
    writeSync(fd, encodeHeader(generation), 0, SEGMENT_HEADER_LENGTH, 0);
    fsyncSync(fd);
    syncFolderSync(dirname(path));
    return fd;
  } catch (error) {
    closeSync(fd);
    // It holds no record yet; left behind, every further try on a full disk would leave another.
    unlinkSync(path);
    throw error;
  }
};

/** A segment made on the spot because no prepared one was left: sparse, so its flushes cost more, but it is there at once. */
export const createSegmentSync = (path: string, generation: number, size: number): number => {
  const fd = openSync(path, 'wx+', 0o600);
  try {
    ftruncateSync(fd, size);
    writeSync(fd, encodeHeader(generation), 0, SEGMENT_HEADER_LENGTH, 0);
    fsyncSync(fd);
    syncFolderSync(dirname(path));
    return fd;
  } catch (error) {
    closeSync(fd);
    // It holds no record yet; left behind, every further try on a full disk would leave another.
    unlinkSync(path);
    throw error;
  }
};
