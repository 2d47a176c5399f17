// Real: PostgreSQL 18 (embedded), the write side of the archive, files on the disk of this machine; archives that attack.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { constants, deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildZip, type ZipInput } from './testing/build-zip.ts';
import { startImports, type TestImports } from './testing/start-imports.ts';

const MB = 1024 * 1024;

let at: TestImports;
beforeAll(async () => {
  at = await startImports();
});
afterAll(async () => await at.close());

const bytesUnder = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

/** 64 MB of zeros behind a preamble that says DICOM, as often as wanted, without ever holding them. */
const zeros = (megabytes: number): { readonly raw: Buffer; readonly size: number } => {
  const head = Buffer.alloc(132);
  head.write('DICM', 128, 'latin1');
  const flush = { finishFlush: constants.Z_FULL_FLUSH, level: 9 };
  const first = deflateRawSync(head, flush);
  const block = deflateRawSync(Buffer.alloc(MB), flush);
  const last = deflateRawSync(Buffer.alloc(0));
  return {
    raw: Buffer.concat([first, ...Array.from({ length: megabytes }, () => block), last]),
    size: 132 + megabytes * MB,
  };
};
const bomb = (name: string, megabytes: number): ZipInput => ({
  name,
  data: Buffer.alloc(0),
  ...zeros(megabytes),
});

/** Opens it, and measures what that cost at most: memory of this process, bytes in the folder. */
const cost = async (zip: Buffer) => {
  const { id } = await at.begin();
  globalThis.gc?.();
  const before = { rss: process.memoryUsage.rss(), disk: bytesUnder(at.folder) };
  let rss = 0;
  let disk = 0;
  const timer = setInterval(() => {
    rss = Math.max(rss, process.memoryUsage.rss() - before.rss);
    disk = Math.max(disk, bytesUnder(at.folder) - before.disk);
  }, 5);
  await at.bring(id, 'bomb.zip', zip);
  await at.work();
  clearInterval(timer);
  await at.imports.service.finish(at.principal, id);
  return { report: await at.report(id), rss, disk, left: bytesUnder(at.folder) - before.disk };
};

const expectCheap = ({ rss, disk, left }: Awaited<ReturnType<typeof cost>>, archive: Buffer): void => {
  expect(rss).toBeLessThan(200 * MB);
  expect(disk).toBeLessThan(archive.length + MB);
  expect(left).toBeLessThan(MB);
};

it('an archive that grows to 40 GB is not opened', async () => {
  const { raw, size } = zeros(1000);
  const zip = buildZip(
    Array.from({ length: 40 }, (_each, n) => ({ name: `${n}.dcm`, data: Buffer.alloc(0), raw, size })),
  );
  const spent = await cost(zip);
  expect(spent.report).toEqual({ 'bomb.zip': 'refused zip-bomb' });
  expectCheap(spent, zip);
});

it('one file that grows to 900 MB is named, the others are read', async () => {
  const zip = buildZip([bomb('big.dcm', 900), { name: 'notes.txt', data: Buffer.from('hello') }]);
  const spent = await cost(zip);
  expect(spent.report).toEqual({
    'bomb.zip': 'opened',
    'bomb.zip/big.dcm': 'refused zip-entry-bomb',
    'bomb.zip/notes.txt': 'skipped not-dicom',
  });
  expectCheap(spent, zip);
});

it('one file that lies about its size stops where it said it would end', async () => {
  const { raw } = zeros(900);
  const zip = buildZip([{ name: 'liar.dcm', data: Buffer.alloc(0), raw, size: 2000 }]);
  const spent = await cost(zip);
  expect(spent.report['bomb.zip/liar.dcm']).toBe('unreadable zip-damaged');
  expectCheap(spent, zip);
});

it('files that share their bytes are a bomb', async () => {
  const { raw, size } = zeros(60);
  const zip = buildZip([
    { name: 'first.dcm', data: Buffer.alloc(0), raw, size },
    ...Array.from({ length: 10 }, (_each, n) => ({
      name: `${n}.dcm`,
      data: Buffer.alloc(0),
      raw,
      size,
      sharesBytesOf: 0,
    })),
  ]);
  const spent = await cost(zip);
  expect(spent.report).toEqual({ 'bomb.zip': 'refused zip-bomb' });
  expectCheap(spent, zip);
});

it('an archive of archives of archives ends at the third', async () => {
  const third = buildZip([bomb('x.dcm', 60)]);
  const second = buildZip(
    Array.from({ length: 16 }, (_each, n) => ({ name: `${n}.zip`, data: third, stored: true })),
  );
  const zip = buildZip(Array.from({ length: 4 }, (_each, n) => ({ name: `${n}.zip`, data: second })));
  const spent = await cost(zip);
  expect(Object.values(spent.report).filter((word) => word === 'opened')).toHaveLength(5);
  expect(Object.values(spent.report).filter((word) => word === 'refused zip-nesting')).toHaveLength(64);
  expect(spent.rss).toBeLessThan(200 * MB);
  expect(spent.left).toBeLessThan(MB);
}, 120_000);

it('too many files are not listed', async () => {
  const zip = buildZip(
    Array.from({ length: 100_001 }, (_each, n) => ({ name: `${n}`, data: Buffer.alloc(0), stored: true })),
    { zip64: true },
  );
  const spent = await cost(zip);
  expect(spent.report).toEqual({ 'bomb.zip': 'refused zip-entries' });
  expect(spent.rss).toBeLessThan(200 * MB);
}, 120_000);
