// Real: files on the disk of this machine, the descriptors that the kernel says are open.
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { createOpenFiles, type OpenFile } from './open-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'archwire-open-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let opened = 0;
beforeEach(() => {
  opened = 0;
});

const openFile = async (key: string): Promise<OpenFile> => {
  opened += 1;
  const file = await open(join(folder, key), 'r');
  return { file, size: (await file.stat()).size };
};
const text = async ({ file, size }: OpenFile): Promise<string> =>
  (await file.read(Buffer.alloc(size), 0, size, 0)).buffer.toString();
const descriptors = (): string[] =>
  readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${name}`);
      return path.startsWith(folder) ? [path] : [];
    } catch {
      return [];
    }
  });
const allClosed = () => vi.waitFor(() => expect(descriptors()).toEqual([]), 30_000);

it('opens a file once for reads that follow one another, and for reads at once', async () => {
  await writeFile(join(folder, 'a'), 'one');
  const files = createOpenFiles(openFile);
  expect(await files.use('a', text)).toBe('one');
  expect(await Promise.all([files.use('a', text), files.use('a', text)])).toEqual(['one', 'one']);
  expect(opened).toBe(1);
  files.forget('a');
  await allClosed();
});

it('closes a file a while after it was opened, and opens it anew', async () => {
  await writeFile(join(folder, 'b'), 'two');
  const files = createOpenFiles(openFile, { milliseconds: 20 });
  await files.use('b', text);
  await allClosed();
  expect(await files.use('b', text)).toBe('two');
  expect(opened).toBe(2);
  await allClosed();
});

it('lets a read end whose file is forgotten meanwhile', async () => {
  await writeFile(join(folder, 'c'), 'three');
  const files = createOpenFiles(openFile);
  const read = files.use('c', async (found) => {
    files.forget('c');
    await new Promise((resolve) => setTimeout(resolve, 20));
    return await text(found);
  });
  expect(await read).toBe('three');
  await allClosed();
});

it('keeps no more open than it may', async () => {
  const files = createOpenFiles(openFile, { most: 3 });
  const keys = Array.from({ length: 20 }, (_, n) => `many-${n}`);
  await Promise.all(keys.map((key) => writeFile(join(folder, key), key)));
  expect(await Promise.all(keys.map((key) => files.use(key, text)))).toEqual(keys);
  await vi.waitFor(() => expect(descriptors().length).toBeLessThanOrEqual(3), 30_000);
  for (const key of keys) files.forget(key);
  await allClosed();
});

it('remembers no failure: what comes later is found', async () => {
  const files = createOpenFiles(openFile);
  await expect(files.use('late', text)).rejects.toThrow('ENOENT');
  await writeFile(join(folder, 'late'), 'here');
  expect(await files.use('late', text)).toBe('here');
  files.forget('late');
  await allClosed();
});

it('closes what it opened when reading fails', async () => {
  await writeFile(join(folder, 'd'), 'four');
  const files = createOpenFiles(openFile, { milliseconds: 20 });
  await expect(files.use('d', () => Promise.reject(new Error('bad sector')))).rejects.toThrow('bad sector');
  await allClosed();
});
