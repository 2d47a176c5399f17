import type { FileHandle } from 'node:fs/promises';

/** All bytes of a range of a file; with room in `into`, a view of its start. @throws Error when the file ends before. */
export const readRange = async (
  file: FileHandle,
  { offset, length }: { readonly offset: number; readonly length: number },
  into?: Buffer,
): Promise<Buffer> => {
  const bytes =
    into !== undefined && into.length >= length ? into.subarray(0, length) : Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw new Error('The file became shorter while it was read.');
    done += bytesRead;
  }
  return bytes;
};
