// Real: PostgreSQL, files on the disk of this machine, OpenJPH in pixel threads, the whole write side of the archive.
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { IngestSource, InstanceLocation } from '@archwire/contracts';
import { createTestDatabase, type TestDatabase, type TestTenant } from '@archwire/database/testing';
import { createPixelPool, frameSource, readInstanceHead, storedBuffer } from '@archwire/dicom';
import { createFilesystemStore, type ObjectStore } from '@archwire/storage-adapters';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import type { JournalLog } from '../journal/journal.ts';
import { createInstanceReader } from '../retrieve/instance-reader.ts';
import { findInstances } from '../retrieve/find-instances.ts';
import { type Archive, openArchive } from '../stores/open-archive.ts';
import { readLocation, streamLocation } from '../stores/read-location.ts';
import { createRecompressor } from './create-recompressor.ts';
import { createRecompressedReader } from './recompressed-store.ts';
import { planRepack } from './plan-repack.ts';
import { testImage, type TestImage } from './test-image.ts';

const home = mkdtempSync(join(tmpdir(), 'archwire-recompress-'));
const pixels = createPixelPool({ threads: 2 });
const log: JournalLog = { info: () => undefined, warn: () => undefined, error: () => undefined };
let count = 0;
let database: TestDatabase;
let tenant: TestTenant;
let source: IngestSource;
let folder: string;
let files: ObjectStore;
/** Called when a pack has been written and nothing points at it yet. */
let onPut: () => void;
let archive: Archive;

const open = async (path: string): Promise<Archive> => {
  const store: ObjectStore = {
    ...files,
    put: async (key, bytes) => {
      const info = await files.put(key, bytes);
      if (key.includes('/series/')) onPut();
      return info;
    },
  };
  return await openArchive({
    database: database.db,
    folder: path,
    archive: { name: 'archive', store },
    log,
    pixels,
    journal: { segmentSize: 4 << 20, spares: 0, headroom: 0, graceMs: 0, commit: 'sync' },
    settle: { idleMs: 3_600_000, pollMs: 3_600_000 },
    repack: { pollMs: 3_600_000, keepMs: 0 },
  });
};

const send = async ({ command, dataSet }: TestImage): Promise<void> => {
  const sink = archive.ingest.begin(source, command);
  for (let at = 0; at < dataSet.length; at += 16_000)
    if (!sink.write(dataSet.subarray(at, at + 16_000))) await sink.drained();
  await (
    await sink.finish()
  ).indexed;
};

interface Row extends InstanceLocation {
  readonly uid: string;
  readonly sha: string;
  readonly stored: number | null;
  readonly left_alone: string | null;
}

const rows = async (): Promise<Row[]> =>
  await database.owner<Row>(
    `select sop_uid as uid, encode(sha256, 'hex') as sha, store, key, "offset"::int as offset, length::int as length,
            stored_length::int as stored, left_alone
       from instance where tenant_id = $1 order by sop_uid`,
    [tenant.tenantId],
  );

const seriesId = async (): Promise<string> => {
  const [row] = await database.owner<{ id: string }>('select id from series where tenant_id = $1', [
    tenant.tenantId,
  ]);
  return row?.id ?? '';
};

const wants = async (policy: 'off' | 'idle' | 'ingest'): Promise<void> => {
  await database.owner('update tenant set recompression = $1 where id = $2', [policy, tenant.tenantId]);
};

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** By SOP Instance UID, whether the bytes that are read are those that came: at once, and as a stream. */
const exact = async (from: Archive, all: readonly Row[]): Promise<Record<string, boolean>> =>
  Object.fromEntries(
    await Promise.all(
      all.map(async (row) => {
        const chunks: Buffer[] = [];
        for await (const chunk of await streamLocation(from.stores, row)) chunks.push(Buffer.from(chunk));
        const read = await readLocation(from.stores, row);
        return [row.uid, hashOf(read) === row.sha && hashOf(Buffer.concat(chunks)) === row.sha] as const;
      }),
    ),
  );

const packs = (): string[] =>
  readdirSync(join(home, 'store'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.includes(`${tenant.tenantId}+series`),
  );

/** What a crash leaves: a copy taken while everything is open, then opened by another process. */
const crashed = (): string => {
  const copy = join(home, `${count++}-crashed`);
  cpSync(folder, copy, { recursive: true });
  return copy;
};

const PATIENT = { timeout: 30_000, interval: 50 };

/** What a crash left half made is looked at when the next process starts. */
const swept = async (path: string): Promise<void> =>
  await vi.waitFor(() => expect(readdirSync(join(path, 'packs'))).toEqual([]), PATIENT);

const IMAGES = [
  testImage({ uid: '1.2.3.1' }),
  testImage({ uid: '1.2.3.2', frames: 3 }),
  testImage({ uid: '1.2.3.3', noise: true }),
  testImage({ uid: '1.2.3.4', lossy: true }),
];
const ALL_EXACT = { '1.2.3.1': true, '1.2.3.2': true, '1.2.3.3': true, '1.2.3.4': true };
const RECOMPRESSED = 'archive+htj2k';
const STORES = [RECOMPRESSED, RECOMPRESSED, 'archive', 'archive'];

beforeAll(async () => {
  database = await createTestDatabase();
  files = await createFilesystemStore({
    name: 'archive',
    root: join(home, 'store'),
    signing: { secret: Buffer.alloc(32), baseUrl: '/objects' },
  });
});
afterAll(async () => {
  await pixels.close();
  await database.close();
  rmSync(home, { recursive: true, force: true });
});
beforeEach(async () => {
  tenant = await database.tenant(`Tenant ${count}`);
  source = {
    tenantId: tenant.tenantId,
    locationId: tenant.locationId,
    deviceId: null,
    via: 'dimse',
    callingAe: 'SENSOR',
    calledAe: 'ARCHWIRE',
    address: '127.0.0.1',
    issuer: tenant.issuer,
    receivedAt: '2026-01-05T10:12:00.000Z',
  };
  onPut = () => undefined;
  folder = join(home, `${count++}-journal`);
  archive = await open(folder);
  await archive.replayed;
});
afterEach(async () => {
  await archive.stop();
});

describe('on ingest', () => {
  beforeEach(async () => {
    await wants('ingest');
    for (const image of IMAGES) await send(image);
  });

  it('packs what can be packed smaller and gives every byte back', async () => {
    expect(await archive.settler.settleSeries(tenant.tenantId, await seriesId())).toMatchObject({
      settled: 4,
    });
    const all = await rows();
    expect(all.map(({ store }) => store)).toEqual(STORES);
    expect(all.map(({ left_alone }) => left_alone)).toEqual([null, null, 'larger', 'lossy']);
    for (const { stored, length } of all.slice(0, 2)) expect(stored).toBeLessThan(length / 1.5);
    expect(await exact(archive, all)).toEqual(ALL_EXACT);
    expect(packs()).toHaveLength(1);
    expect(
      await database.owner(
        `select kind, outcome, instances, received_bytes::int = $2 as received, stored_bytes::int = $3 as stored
           from recompression where tenant_id = $1 and outcome = 'recompressed'`,
        [
          tenant.tenantId,
          (all[0]?.length ?? 0) + (all[1]?.length ?? 0),
          (all[0]?.stored ?? 0) + (all[1]?.stored ?? 0),
        ],
      ),
    ).toEqual([{ kind: 'radiograph', outcome: 'recompressed', instances: 2, received: true, stored: true }]);
  });

  it('reads heads without decoding, and code streams as they lie', async () => {
    await archive.settler.settleSeries(tenant.tenantId, await seriesId());
    const { withTenant } = database.db;
    const reader = createInstanceReader({ stores: archive.stores, withTenant });
    const found = await withTenant(
      tenant.tenantId,
      async (trx) => await findInstances(trx, { study: '2.25.2' }),
    );
    const multi = found.find(({ SOPInstanceUID }) => SOPInstanceUID === '1.2.3.2');
    if (multi === undefined) throw new Error('not found');
    const [row] = (await rows()).filter(({ uid }) => uid === '1.2.3.2');
    if (row === undefined) throw new Error('no row');
    const silent = createRecompressedReader(
      {
        read: async (at, range) => await readLocation(archive.stores, { ...at, store: 'archive' }, range),
        open: () => Promise.reject(new Error('not asked')),
      },
      () => Promise.reject(new Error('a frame was decoded')),
    );
    const head = await silent.read(row, { offset: 0, length: (await silent.headLength?.(row)) ?? 0 });
    expect(readInstanceHead(head, { totalLength: row.length }).header.NumberOfFrames).toBe(3);
    expect((await reader.head(multi)).header.TransferSyntaxUID).toBe('1.2.840.10008.1.2.1');
    const coded = await reader.recompressed(multi);
    if (coded === null) throw new Error('not recompressed');
    const bytes = await coded.recompressed.read(0, coded.recompressed.length);
    const frames = frameSource(readInstanceHead(bytes), storedBuffer(bytes));
    expect([frames.count, frames.transferSyntaxUid]).toEqual([3, '1.2.840.10008.1.2.4.202']);
    expect((await frames.frame(2)).readUInt32BE(0)).toBe(0xff4fff51);
    expect(
      await reader.recompressed(found.find((each) => each.SOPInstanceUID === '1.2.3.3') ?? multi),
    ).toBeNull();
  });

  it('loses nothing when it is killed before the index points at the pack', async () => {
    let left = '';
    onPut = () => {
      left = crashed();
      throw new Error('killed');
    };
    await expect(archive.settler.settleSeries(tenant.tenantId, await seriesId())).rejects.toThrow('killed');
    onPut = () => undefined;
    await archive.stop();
    archive = await open(left);
    await swept(left);
    const before = await rows();
    expect(before.map(({ store }) => store)).toEqual(['journal', 'journal', 'journal', 'journal']);
    expect(await exact(archive, before)).toEqual(ALL_EXACT);
    expect(packs()).toEqual([]);
    await archive.settler.settleSeries(tenant.tenantId, await seriesId());
    expect(await exact(archive, await rows())).toEqual(ALL_EXACT);
  });

  it('loses nothing when it is killed after the index points at the pack', async () => {
    let left = '';
    onPut = () => {
      left = crashed();
    };
    await archive.settler.settleSeries(tenant.tenantId, await seriesId());
    await archive.stop();
    // The journal as it was before it was freed, and the intent that says that the pack is being made.
    archive = await open(left);
    await swept(left);
    const all = await rows();
    expect(all.map(({ store }) => store)).toEqual(STORES);
    expect(await exact(archive, all)).toEqual(ALL_EXACT);
  });
});

describe('when a series is idle', () => {
  const planned = async (how: 'recompress' | 'restore'): Promise<void> => {
    const id = await seriesId();
    await database.db.withTenant(tenant.tenantId, async (trx) => await planRepack(trx, id, how, 0));
  };
  const repack = async (): Promise<void> => {
    await archive.repacker?.repack(tenant.tenantId, await seriesId());
  };

  beforeEach(async () => {
    await wants('idle');
    for (const image of IMAGES) await send(image);
    await archive.settler.settleSeries(tenant.tenantId, await seriesId());
  });

  it('packs anew, keeps the old pack for who reads it, and restores when a person wants it', async () => {
    const before = await rows();
    expect(before.map(({ store }) => store)).toEqual(['archive', 'archive', 'archive', 'archive']);
    expect(
      await database.owner('select repack, repack_at > now() as later from series where tenant_id = $1', [
        tenant.tenantId,
      ]),
    ).toEqual([{ repack: 'recompress', later: true }]);
    await planned('recompress');
    await repack();
    const after = await rows();
    expect(after.map(({ store }) => store)).toEqual(STORES);
    expect(await exact(archive, after)).toEqual(ALL_EXACT);
    // Whoever found the bytes a moment ago still reads them.
    expect(await exact(archive, before)).toEqual(ALL_EXACT);
    expect(packs()).toHaveLength(2);
    expect(await archive.repacker?.sweep()).toBe(1);
    expect(packs()).toHaveLength(1);
    expect(await exact(archive, after)).toEqual(ALL_EXACT);

    await planned('restore');
    await repack();
    await archive.repacker?.sweep();
    const restored = await rows();
    expect(restored.map(({ store, stored }) => [store, stored])).toEqual(before.map(() => ['archive', null]));
    expect(await exact(archive, restored)).toEqual(ALL_EXACT);
    expect(packs()).toHaveLength(1);
    expect(
      await database.owner('select * from recompression where tenant_id = $1', [tenant.tenantId]),
    ).toEqual([]);
    expect(await database.owner('select repack from series where tenant_id = $1', [tenant.tenantId])).toEqual(
      [{ repack: null }],
    );
  });

  it('leaves the old pack in use when it is killed before the index points at the new one', async () => {
    let left = '';
    onPut = () => {
      left = crashed();
      throw new Error('killed');
    };
    await planned('recompress');
    await expect(repack()).rejects.toThrow('killed');
    onPut = () => undefined;
    await archive.stop();
    archive = await open(left);
    await swept(left);
    // It is still planned, and whoever starts next does it.
    await vi.waitFor(async () => expect((await rows()).map(({ store }) => store)).toEqual(STORES), PATIENT);
    expect(await exact(archive, await rows())).toEqual(ALL_EXACT);
    await vi.waitFor(() => expect(packs()).toHaveLength(1), PATIENT);
  });
});

it('recompresses what is too large for memory through a file, to the same bytes', async () => {
  const { dataSet } = testImage({ uid: '1.2.3.9', frames: 5, rows: 300 });
  const meta = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), syntaxElement()]);
  const object = Buffer.concat([meta, dataSet]);
  const spool = join(home, 'spool');
  const made: string[] = [];
  // One after the other: each empties the folder when it is made.
  for (const wholeBytes of [1 << 30, 1000]) {
    const by = await createRecompressor({ pixels, folder: spool, wholeBytes });
    const entry = await by.recompress(storedBuffer(Buffer.from(object)), hashOf(object));
    if (typeof entry === 'string') throw new Error(entry);
    const chunks: Buffer[] = [];
    for await (const chunk of entry.chunks) chunks.push(chunk);
    expect(hashOf(Buffer.concat(chunks))).toBe(entry.sha256);
    made.push(entry.sha256);
  }
  expect(made[0]).toBe(made[1]);
  expect(readdirSync(spool)).toEqual([]);
});

const syntaxElement = (): Buffer => {
  const uid = Buffer.from('1.2.840.10008.1.2.1\0', 'latin1');
  return Buffer.concat([Buffer.from([2, 0, 0x10, 0, 0x55, 0x49, uid.length, 0]), uid]);
};
