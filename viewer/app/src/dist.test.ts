// Real: viewer/dist as the install step left it.
import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

const dist = path.resolve(import.meta.dirname, '../../dist');
const read = (name: string) => readFile(path.join(dist, name), 'utf8');
const files = (await readdir(dist, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile())
  .map((entry) => path.relative(dist, path.join(entry.parentPath, entry.name)))
  .sort();

describe('viewer/dist', () => {
  it('has a page without inline script, whose every address exists', async () => {
    const html = await read('index.html');
    const scripts = [...html.matchAll(/<script([^>]*)>([^<]*)<\/script>/g)];
    expect(scripts.map(([, , body]) => body)).toEqual(['', '']);
    expect(html).not.toMatch(/ on\w+=|style=/);
    const addresses = [...html.matchAll(/(?:src|href)="\/viewer\/([^"]+)"/g)].map(([, name]) => name);
    expect(addresses).toHaveLength(4);
    expect(addresses.filter((name) => !files.includes(name ?? ''))).toEqual([]);
  });

  it('names worker scripts that exist, and no hash, for the server\u2019s headers', async () => {
    const csp: { scriptHashes: string[]; workers: string[] } = JSON.parse(await read('csp.json'));
    expect(csp.scriptHashes).toEqual([]);
    expect(csp.workers.map((address) => /([\w-]+)\.bundle/.exec(address)?.[1] ?? '').sort()).toEqual([
      '8097',
      'compute',
      'histogram-worker',
      'interpolation',
      'polySeg',
    ]);
    expect(csp.workers.filter((address) => !files.includes(address.replace('/viewer/', '')))).toEqual([]);
  });

  it('holds no service worker, no machine learning runtime, no microscopy, no source map', () => {
    expect(
      files.filter((name) => /sw\.js|service-worker|\bort\b|dicom-microscopy|\.map$/.test(name)),
    ).toEqual([]);
  });

  it('has no chunk left that would be asked for at the root of the origin', async () => {
    const scripts = files.filter((name) => name.endsWith('.js'));
    const texts = await Promise.all(scripts.map(read));
    expect(scripts.filter((_name, index) => /\.p\s*=\s*"\/"/.test(texts[index] ?? ''))).toEqual([]);
  });

  it('compressed the same bytes that it serves uncompressed', async () => {
    const compressed = files.filter((name) => name.endsWith('.gz'));
    expect(compressed.length).toBeGreaterThan(50);
    for (const name of compressed) {
      const plain = await readFile(path.join(dist, name.slice(0, -'.gz'.length)));
      expect(gunzipSync(await readFile(path.join(dist, name))).equals(plain)).toBe(true);
    }
  });

  it('stays light', async () => {
    const sizes = await Promise.all(files.map(async (name) => (await stat(path.join(dist, name))).size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(40 * 1024 * 1024);
  });
});
