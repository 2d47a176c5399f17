import { createHash, hash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';

import type { HashAnswer, HashRequest } from './hasher.ts';

const buffer = Buffer.allocUnsafe(1 << 20);

const digestRange = (fd: number, offset: number, length: number): string => {
  const sha = createHash('sha256');
  for (let done = 0; done < length;) {
    const wanted = Math.min(buffer.length, length - done);
    const read = readSync(fd, buffer, 0, wanted, offset + done);
    if (read === 0) throw new Error('The file ends before the range does.');
    const piece = buffer.subarray(0, read);
    if (read === length) return hash('sha256', piece, 'hex');
    sha.update(piece);
    done += read;
  }
  return sha.digest('hex');
};

parentPort?.on('message', ({ id, path, ranges }: HashRequest) => {
  let answer: HashAnswer;
  try {
    const fd = openSync(path, 'r');
    try {
      answer = { id, digests: ranges.map(({ offset, length }) => digestRange(fd, offset, length)) };
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    answer = { id, error: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(answer);
});
