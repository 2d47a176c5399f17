import { fdatasync, fdatasyncSync, writev, writevSync } from 'node:fs';
import { promisify } from 'node:util';

/** The calls on which a Success rests; a test replaces them to see what happens when the disk says no. */
export interface JournalIo {
  /** Returns how many bytes were taken, which may be fewer than given. */
  writevSync(fd: number, buffers: readonly Buffer[], position: number): number;
  fdatasyncSync(fd: number): void;
  writev(fd: number, buffers: readonly Buffer[], position: number): Promise<number>;
  fdatasync(fd: number): Promise<void>;
}

const flush = promisify(fdatasync);

export const nodeJournalIo: JournalIo = {
  writevSync: (fd, buffers, position) => writevSync(fd, buffers, position),
  fdatasyncSync,
  writev: (fd, buffers, position) =>
    new Promise((resolve, reject) => {
      writev(fd, [...buffers], position, (error, written) =>
        error === null ? resolve(written) : reject(error),
      );
    }),
  fdatasync: flush,
};

/** What is left of a gather list after `written` bytes of it are on their way. */
const remainder = (buffers: readonly Buffer[], written: number): Buffer[] => {
  const rest: Buffer[] = [];
  let skip = written;
  for (const buffer of buffers) {
    if (skip >= buffer.length) skip -= buffer.length;
    else {
      rest.push(skip === 0 ? buffer : buffer.subarray(skip));
      skip = 0;
    }
  }
  return rest;
};

/** Writes everything, however often the system takes only a part. */
export const writeAllSync = (
  io: JournalIo,
  fd: number,
  buffers: readonly Buffer[],
  length: number,
  position: number,
): void => {
  let done = io.writevSync(fd, buffers, position);
  while (done < length) done += io.writevSync(fd, remainder(buffers, done), position + done);
};

/** The same without holding the event loop. */
export const writeAll = async (
  io: JournalIo,
  fd: number,
  buffers: readonly Buffer[],
  length: number,
  position: number,
): Promise<void> => {
  let done = await io.writev(fd, buffers, position);
  while (done < length) done += await io.writev(fd, remainder(buffers, done), position + done);
};
