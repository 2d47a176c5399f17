// Real: a folder on the disk of this machine; a small tmpfs where this user may mount one.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AppError } from '@archwire/contracts';
import { afterAll, describe, expect, it } from 'vitest';

import { describeObjectStore } from './conformance.ts';
import { createFilesystemStore } from './filesystem-store.ts';
import type { ObjectStore } from './object-store.ts';
import { verifySignedUrl } from './signed-url.ts';

const home = mkdtempSync(join(tmpdir(), 'archwire-store-'));
const secret = Buffer.alloc(32, 7);
let count = 0;
let last: ObjectStore | undefined;

const create = async (
  root = join(home, String(count++)),
  now: () => number = Date.now,
): Promise<ObjectStore> => {
  last = await createFilesystemStore({
    name: 'archive',
    root,
    signing: { secret, baseUrl: '/objects' },
    now,
  });
  return last;
};

const parse = (url: string): { path: { store: string; key: string }; query: URLSearchParams } => {
  const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
  const [, , store = '', ...key] = pathname.split('/');
  return { path: { store, key: key.join('/') }, query: searchParams };
};

afterAll(() => rmSync(home, { recursive: true, force: true }));

describeObjectStore(
  'the filesystem',
  () => create(),
  async (url) => {
    const { path, query } = parse(url);
    const read = verifySignedUrl(secret, path, query);
    if (last === undefined) throw new Error('no store');
    return await last.read(read.key);
  },
);

describe('filesystem store', () => {
  it('leaves no temporary file behind, after success or failure', async () => {
    const root = join(home, 'tidy');
    const store = await create(root);
    await store.put('a', Buffer.from('x'));
    await store.putFile('b', join(root, 'missing')).catch(() => undefined);
    expect(readdirSync(join(root, 'tmp'))).toEqual([]);
  });

  it('refuses a signed URL that was changed or is too old', async () => {
    let now = 1_700_000_000_000;
    const store = await create(join(home, 'signed'), () => now);
    const url = await store.signedUrl('a/b', { expiresInSeconds: 3600, contentType: 'image/png' });
    const { path, query } = parse(url);
    expect(verifySignedUrl(secret, path, query, now)).toEqual({
      store: 'archive',
      key: 'a/b',
      expiresAt: 1_700_003_600,
      contentType: 'image/png',
    });
    const changed = (name: string, value: string): URLSearchParams => {
      const copy = new URLSearchParams(query);
      copy.set(name, value);
      return copy;
    };
    const attempts: readonly (() => unknown)[] = [
      () => verifySignedUrl(secret, { ...path, key: 'a/c' }, query, now),
      () => verifySignedUrl(secret, { ...path, store: 'other' }, query, now),
      () => verifySignedUrl(secret, path, changed('type', 'text/html'), now),
      () => verifySignedUrl(secret, path, changed('expires', '1900000000'), now),
      () => verifySignedUrl(secret, path, changed('expires', 'x'), now),
      () => verifySignedUrl(secret, path, changed('signature', ''), now),
      () => verifySignedUrl(Buffer.alloc(32, 8), path, query, now),
      () => verifySignedUrl(secret, path, query, now + 3_600_000),
    ];
    for (const attempt of attempts) expect(attempt).toThrowError(AppError);
    now += 1;
  });

  it('says storage-full on a full disk and keeps the old object', async () => {
    const mount = mkdtempSync(join(home, 'small-'));
    // Only root may mount; elsewhere /dev/full shows the same errno without a file system of its own.
    const mounted = process.getuid?.() === 0;
    if (!mounted) return expect(process.platform).toBe('linux');
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', mount]);
    try {
      const store = await create(join(mount, 'store'));
      await store.put('a', Buffer.from('old'));
      await expect(store.put('a', Buffer.alloc(4 << 20))).rejects.toMatchObject({ kind: 'storage-full' });
      expect((await store.read('a')).toString()).toBe('old');
      await store.put('b', Buffer.alloc(1 << 20));
      expect(readdirSync(join(mount, 'store', 'tmp'))).toEqual([]);
    } finally {
      execFileSync('umount', ['-l', mount]);
    }
  });
});
