// Real: AES-256-GCM, HMAC and files of this machine.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSecretBox } from './secret-box.ts';
import { loadSecretKey } from './secret-key.ts';

const KEY = new Uint8Array(32).fill(1);

describe('the secret box', () => {
  it('gives back what was sealed, never twice in the same words', () => {
    const box = createSecretBox(KEY);
    const sealed = [box.seal('JBSWY3DP', 'a'), box.seal('JBSWY3DP', 'a')];
    expect(new Set(sealed).size).toBe(2);
    expect(sealed.join('')).not.toContain('JBSWY3DP');
    expect(sealed.map((text) => [box.isSealed(text), box.open(text, 'a')])).toEqual([
      [true, 'JBSWY3DP'],
      [true, 'JBSWY3DP'],
    ]);
  });

  it('opens nothing that was moved to another row, changed, or sealed with another key', () => {
    const box = createSecretBox(KEY);
    const sealed = box.seal('JBSWY3DP', 'tenant user-1');
    const changed = sealed.slice(0, -1) + (sealed.endsWith('A') ? 'B' : 'A');
    expect(() => box.open(sealed, 'tenant user-2')).toThrow('does not open');
    expect(() => box.open(changed, 'tenant user-1')).toThrow('does not open');
    expect(() => box.open('v1.', 'tenant user-1')).toThrow('does not open');
    expect(() => createSecretBox(new Uint8Array(32)).open(sealed, 'tenant user-1')).toThrow('does not open');
  });

  it('hashes under its key, apart for each purpose', () => {
    const [one, other] = [createSecretBox(KEY), createSecretBox(new Uint8Array(32))];
    expect(one.mac('a', 'x')).toEqual(createSecretBox(KEY).mac('a', 'x'));
    expect(one.mac('a', 'x')).not.toEqual(one.mac('b', 'x'));
    expect(one.mac('a', 'x')).not.toEqual(other.mac('a', 'x'));
  });
});

describe('the secret key', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'archwire-key-'));
  });
  afterAll(async () => await rm(folder, { recursive: true, force: true }));

  it('is made once, for its owner alone, also by processes that start together', async () => {
    const keys = await Promise.all(
      Array.from({ length: 5 }, () => loadSecretKey({ dataDir: folder, given: null })),
    );
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
    const file = path.join(folder, 'secret.key');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const text = (await readFile(file, 'utf8')).trim();
    expect(await loadSecretKey({ dataDir: '/nowhere', given: text })).toEqual(keys[0]);
  });

  it('is not guessed at when the file holds something else', async () => {
    await writeFile(path.join(folder, 'secret.key'), 'half a k');
    await expect(loadSecretKey({ dataDir: folder, given: null })).rejects.toThrow('does not hold a key');
  });
});
