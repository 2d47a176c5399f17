// Real: journal folders on the disk.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { nodeIdentity, NodeName } from './node-identity.ts';

const root = mkdtempSync(join(tmpdir(), 'archwire-node-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('gives a journal a name once, and keeps it', () => {
  const folder = join(root, 'own');
  const first = nodeIdentity(folder, null);
  expect(NodeName.safeParse(first.name).success).toBe(true);
  expect(first.legacy).toBe(false);
  expect(nodeIdentity(folder, null)).toEqual(first);
  expect(nodeIdentity(folder, first.name)).toEqual(first);
});

it('refuses to call a journal otherwise than the index does', () => {
  const folder = join(root, 'named');
  nodeIdentity(folder, 'lyon-1');
  expect(() => nodeIdentity(folder, 'lyon-2')).toThrow(/lyon-1/);
});

it('knows a journal that is older than names', () => {
  const folder = join(root, 'old');
  mkdirSync(join(folder, 'segments'), { recursive: true });
  writeFileSync(join(folder, 'segments', '000000000000001.seg'), '');
  expect(nodeIdentity(folder, null).legacy).toBe(true);
  expect(nodeIdentity(folder, null).legacy).toBe(true);
});

it('takes no name that a folder of a journal has', () => {
  expect(
    ['segments', 'large', 'a/b', 'A', '', '-a'].filter((name) => NodeName.safeParse(name).success),
  ).toEqual([]);
});
