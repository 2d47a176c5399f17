// Real: PostgreSQL, files on the disk of this machine, the whole write side of the archive.
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, rmSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { IngestSource, InstanceLocation } from '@archwire/contracts';
import { createTestDatabase, type TestDatabase, type TestTenant } from '@archwire/database/testing';
import { createFilesystemStore, type ObjectStore } from '@archwire/storage-adapters';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { JournalLog } from '../journal/journal.ts';
import { type Archive, type ArchiveOptions, openArchive } from '../stores/open-archive.ts';
import { readLocation } from '../stores/read-location.ts';
import type { ObjectSink, Receipt } from './ingest.ts';
import { testObject, type TestObject } from './test-object.ts';

const home = mkdtempSync(join(tmpdir(), 'archwire-ingest-'));
const errors: string[] = [];
const log: JournalLog = {
  info: () => undefined,
  warn: () => undefined,
  error: (_, message) => {
    errors.push(message);
  },
};
let count = 0;
let testDatabase: TestDatabase;
let tenant: TestTenant;
let source: IngestSource;
let folder: string;
let store: ObjectStore;
let archive: Archive;

const open = (path: string, options: Partial<ArchiveOptions> = {}): Promise<Archive> =>
  openArchive({
    database: testDatabase.db,
    folder: path,
    archive: { name: 'archive', store },
    log,
    journal: { segmentSize: 4 << 20, spares: 0, headroom: 0, graceMs: 0, commit: 'sync' },
    settle: { idleMs: 3_600_000, pollMs: 3_600_000 },
    ...options,
  });

const write = async (sink: ObjectSink, bytes: Buffer): Promise<ObjectSink> => {
  for (let at = 0; at < bytes.length; at += 16_000) {
    if (!sink.write(bytes.subarray(at, at + 16_000))) await sink.drained();
  }
  return sink;
};

const send = async (to: Archive, { command, dataSet }: TestObject, from = source): Promise<Receipt> => {
  const sink = await write(to.ingest.begin(from, command), dataSet);
  return await sink.finish();
};

const sendIndexed = async (to: Archive, object: TestObject): Promise<string> =>
  await (
    await send(to, object)
  ).indexed;

interface InstanceRow extends InstanceLocation {
  readonly sop_uid: string;
  readonly sha: string;
}

const instances = async (): Promise<InstanceRow[]> =>
  (
    await testDatabase.owner<InstanceRow>(
      `select sop_uid, encode(sha256, 'hex') as sha, store, key, "offset"::int as offset, length::int as length
         from instance where tenant_id = $1 order by sop_uid`,
      [tenant.tenantId],
    )
  ).map((row) => ({ ...row }));

const stored = async (from: Archive): Promise<Map<string, Buffer>> =>
  new Map(
    await Promise.all(
      (await instances()).map(async (row): Promise<[string, Buffer]> => [
        row.sop_uid,
        await readLocation(from.stores, row),
      ]),
    ),
  );

const bytesByUid = (objects: readonly TestObject[]): Map<string, Buffer> =>
  new Map(
    objects
      .map(({ command, part10 }): [string, Buffer] => [command.SOPInstanceUID, part10])
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );

const counters = async (): Promise<unknown> =>
  await testDatabase.owner(
    `select st.series_count, st.instance_count as study_instances, st.byte_count::int as study_bytes,
            se.instance_count as series_instances, se.byte_count::int as series_bytes, se.unsettled_count
       from study st join series se on se.tenant_id = st.tenant_id and se.study_id = st.id where st.tenant_id = $1`,
    [tenant.tenantId],
  );

const seriesId = async (): Promise<string> => {
  const [row] = await testDatabase.owner<{ id: string }>('select id from series where tenant_id = $1', [
    tenant.tenantId,
  ]);
  if (row === undefined) throw new Error('no series');
  return row.id;
};

/** What a crash leaves: a copy taken while everything is open, then opened by another process. */
const crash = (): string => {
  const copy = join(home, `${count++}-crashed`);
  cpSync(folder, copy, { recursive: true });
  return copy;
};

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const objects = (n: number, pixels = 1000): TestObject[] =>
  Array.from({ length: n }, (_, i) => testObject({ uid: `1.2.3.${i + 1}`, pixels, number: n - i }));

beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterAll(async () => {
  await testDatabase.close();
  rmSync(home, { recursive: true, force: true });
});
beforeEach(async () => {
  tenant = await testDatabase.tenant(`Tenant ${count}`);
  // Conflicts count as idle by this time: only a test that asks for it lets settling run by itself.
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
  folder = join(home, `${count++}`);
  store = await createFilesystemStore({
    name: 'archive',
    root: join(home, `${count++}-store`),
    signing: { secret: Buffer.alloc(32), baseUrl: '/objects' },
  });
  errors.length = 0;
  archive = await open(folder);
  await archive.replayed;
});
afterEach(async () => {
  await archive.stop();
  await testDatabase.owner(`delete from instance_conflict`);
  await testDatabase.owner(`delete from instance`);
  await testDatabase.owner(`delete from series`);
});

describe('receiving', () => {
  it('keeps the bytes, indexes them with their hash, and counts truly', async () => {
    const sent = objects(30);
    expect(await Promise.all(sent.map((object) => sendIndexed(archive, object)))).toEqual(
      sent.map(() => 'stored'),
    );
    expect(await stored(archive)).toEqual(bytesByUid(sent));
    expect((await instances()).map(({ sha }) => sha)).toEqual([...bytesByUid(sent).values()].map(hashOf));
    const bytes = sent.reduce((sum, { part10 }) => sum + part10.length, 0);
    expect(await counters()).toEqual([
      {
        series_count: 1,
        study_instances: 30,
        study_bytes: bytes,
        series_instances: 30,
        series_bytes: bytes,
        unsettled_count: 30,
      },
    ]);
  });

  it('keeps a Part 10 file byte for byte, and a large one in a file of its own', async () => {
    const small = testObject({ uid: '1.2.3.1' });
    const large = testObject({ uid: '1.2.3.2', pixels: 5_000_000 });
    const first = await (await write(archive.ingest.beginPart10(source), small.part10)).finish();
    const second = await send(archive, large);
    expect([await first.indexed, await second.indexed]).toEqual(['stored', 'stored']);
    expect(second.location).toEqual({
      store: 'journal',
      key: second.location.key,
      offset: 0,
      length: large.part10.length,
    });
    expect(await stored(archive)).toEqual(bytesByUid([small, large]));
  });

  it('reads on when private data makes the header larger than what it keeps', async () => {
    const sent = [300_000, 900_000, 3_000_000].map((privateBytes, i) =>
      testObject({ uid: `1.2.3.${i}`, privateBytes }),
    );
    expect(await Promise.all(sent.map((object) => sendIndexed(archive, object)))).toEqual([
      'stored',
      'stored',
      'stored',
    ]);
    expect(await stored(archive)).toEqual(bytesByUid(sent));
  });

  it('refuses what could never be indexed, and keeps nothing of it', async () => {
    const object = testObject({ uid: '1.2.3.1' });
    const large = testObject({ uid: '1.2.3.1', pixels: 3_000_000 });
    const other = { ...object.command, SOPInstanceUID: '1.2.3.999' };
    const attempts: [ObjectSink, Buffer][] = [
      [archive.ingest.begin(source, other), object.dataSet],
      [archive.ingest.begin(source, other), large.dataSet],
      [
        archive.ingest.beginPart10(source),
        Buffer.from('this is not DICOM at all, whatever its length may be'),
      ],
      [archive.ingest.beginPart10(source), Buffer.alloc(2_000_000, 0x41)],
      [archive.ingest.beginPart10(source), object.part10.subarray(0, object.part10.length - 100)],
      [archive.ingest.beginPart10(source), large.part10.subarray(0, large.part10.length - 100)],
      [archive.ingest.beginPart10(source), Buffer.alloc(0)],
    ];
    const kinds: unknown[] = [];
    for (const [sink, bytes] of attempts) {
      const error: unknown = await (await write(sink, bytes)).finish().catch((thrown: unknown) => thrown);
      kinds.push(error instanceof Error && 'kind' in error ? error.kind : error);
    }
    expect(kinds).toEqual(attempts.map(() => 'invalid'));
    await expect(
      (await write(archive.ingest.begin(source, other), object.dataSet)).finish(),
    ).rejects.toMatchObject({
      details: { reason: 'uid-mismatch' },
    });
    expect(archive.journal.held().ranges).toBe(0);
    expect(archive.journal.budget.used).toBe(0);
    expect(readdirSync(join(folder, 'large'))).toEqual([]);
  });

  it('drops an object whose sender went away', async () => {
    for (const pixels of [1000, 4_000_000]) {
      const object = testObject({ uid: '1.2.3.1', pixels });
      const sink = await write(archive.ingest.begin(source, object.command), object.dataSet.subarray(0, -50));
      await sink.abort();
      await sink.abort();
    }
    expect(archive.journal.budget.used).toBe(0);
    expect(readdirSync(join(folder, 'large'))).toEqual([]);
    expect(await instances()).toEqual([]);
  });

  it('answers duplicate to the same bytes and frees theirs, conflict to others and keeps both', async () => {
    const first = testObject({ uid: '1.2.3.1', seed: 1 });
    const second = testObject({ uid: '1.2.3.1', seed: 2 });
    const outcomes: string[] = [];
    for (const object of [first, first, second, second, first])
      outcomes.push(await sendIndexed(archive, object));
    expect(outcomes).toEqual(['stored', 'duplicate', 'conflict', 'conflict', 'duplicate']);
    expect(archive.journal.held().ranges).toBe(2);
    const [conflict] = await testDatabase.owner<InstanceLocation>(
      `select store, key, "offset"::int as offset, length::int as length from instance_conflict where tenant_id = $1`,
      [tenant.tenantId],
    );
    if (conflict === undefined) throw new Error('no conflict');
    expect(await readLocation(archive.stores, conflict)).toEqual(second.part10);
    expect(await stored(archive)).toEqual(bytesByUid([first]));
  });
});

describe('a restart', () => {
  it('indexes what was acknowledged and not indexed', async () => {
    const sent = [...objects(20), testObject({ uid: '1.2.4.1', pixels: 2_000_000 })];
    const receipts = await Promise.all(sent.map((object) => send(archive, object)));
    const copy = crash();
    await Promise.all(receipts.map(({ indexed }) => indexed));
    await testDatabase.owner('delete from instance');
    await testDatabase.owner('delete from series');
    await archive.stop();
    archive = await open(copy);
    expect(await archive.replayed).toEqual({ known: 0, indexed: 21, refused: 0, missing: 0 });
    expect(await stored(archive)).toEqual(bytesByUid(sent));
    expect(errors).toEqual([]);
  });

  it('changes nothing when everything was indexed', async () => {
    const sent = [...objects(20), testObject({ uid: '1.2.4.1', pixels: 2_000_000 })];
    await Promise.all(sent.map((object) => sendIndexed(archive, object)));
    const before = [await instances(), await counters()];
    await archive.stop();
    archive = await open(folder);
    expect(await archive.replayed).toEqual({ known: 21, indexed: 0, refused: 0, missing: 0 });
    expect([await instances(), await counters()]).toEqual(before);
    expect(await stored(archive)).toEqual(bytesByUid(sent));
    expect(archive.journal.held().ranges).toBe(21);
  });

  it('raises the alarm when acknowledged bytes are gone', async () => {
    const { indexed, location } = await send(archive, testObject({ uid: '1.2.4.1', pixels: 2_000_000 }));
    await indexed;
    await archive.stop();
    unlinkSync(archive.journal.pathOf(location.key));
    archive = await open(folder);
    expect((await archive.replayed).missing).toBe(1);
    expect(errors).toEqual([
      'journal: bytes that were acknowledged are not on the disk; restore them from a backup of this folder',
    ]);
  });
});

describe('settling', () => {
  it('moves a series into one object in instance order, and frees the journal', async () => {
    const sent = [...objects(40, 200_000), testObject({ uid: '1.2.4.1', pixels: 2_000_000, number: 41 })];
    await Promise.all(sent.map((object) => sendIndexed(archive, object)));
    const result = await archive.settler.settleSeries(tenant.tenantId, await seriesId());
    const bytes = sent.reduce((sum, { part10 }) => sum + part10.length, 0);
    expect(result).toEqual({ settled: 41, bytes });
    const rows = await instances();
    expect(new Set(rows.map((row) => row.store))).toEqual(new Set(['archive']));
    expect(new Set(rows.map(({ key }) => key)).size).toBe(2);
    expect(rows.find(({ sop_uid }) => sop_uid === '1.2.3.40')?.offset).toBe(0);
    expect(await stored(archive)).toEqual(bytesByUid(sent));
    expect(await counters()).toEqual([
      {
        series_count: 1,
        study_instances: 41,
        study_bytes: bytes,
        series_instances: 41,
        series_bytes: bytes,
        unsettled_count: 0,
      },
    ]);
    // The one in use and the one prepared.
    await expect.poll(() => archive.journal.held()).toEqual({ segments: 2, ranges: 0 });
    await expect.poll(() => readdirSync(join(folder, 'large'))).toEqual([]);
    expect(readdirSync(join(folder, 'packs'))).toEqual([]);
    expect(await archive.settler.settleSeries(tenant.tenantId, await seriesId())).toEqual({
      settled: 0,
      bytes: 0,
    });
  });

  it('settles late instances and both sides of a conflict, and a re-sent instance stays a duplicate', async () => {
    const first = testObject({ uid: '1.2.3.1', seed: 1 });
    const second = testObject({ uid: '1.2.3.1', seed: 2 });
    const late = testObject({ uid: '1.2.3.2' });
    await sendIndexed(archive, first);
    await archive.settler.settleSeries(tenant.tenantId, await seriesId());
    for (const object of [second, late]) await sendIndexed(archive, object);
    expect(await archive.settler.settleSeries(tenant.tenantId, await seriesId())).toEqual({
      settled: 2,
      bytes: second.part10.length + late.part10.length,
    });
    expect([await sendIndexed(archive, first), await sendIndexed(archive, second)]).toEqual([
      'duplicate',
      'conflict',
    ]);
    expect(archive.journal.held().ranges).toBe(0);
    expect(await stored(archive)).toEqual(bytesByUid([first, late]));
  });

  it.each(['before the object', 'before the switch', 'after the switch'])(
    'survives a crash %s',
    async (moment) => {
      const sent = objects(10);
      await Promise.all(sent.map((object) => sendIndexed(archive, object)));
      const id = await seriesId();
      let copy = '';
      const take = (): void => {
        copy = crash();
      };
      const broken: ObjectStore = {
        ...store,
        put: async (key, body) => {
          if (moment === 'before the object') {
            take();
            throw new Error('killed');
          }
          return await store.put(key, body);
        },
        get: async (key, range) => {
          if (moment === 'before the switch') {
            take();
            throw new Error('killed');
          }
          return await store.get(key, range);
        },
      };
      await archive.stop();
      archive = await open(folder, { archive: { name: 'archive', store: broken } });
      await archive.replayed;
      if (moment === 'after the switch') {
        const original = crash();
        await archive.settler.settleSeries(tenant.tenantId, id);
        copy = original;
      } else await expect(archive.settler.settleSeries(tenant.tenantId, id)).rejects.toThrowError('killed');
      await archive.stop();
      archive = await open(copy);
      const report = await archive.replayed;
      expect(report.missing).toBe(0);
      expect(await stored(archive)).toEqual(bytesByUid(sent));
      await expect.poll(() => readdirSync(join(copy, 'packs'))).toEqual([]);
      await archive.settler.settleSeries(tenant.tenantId, id);
      expect(await stored(archive)).toEqual(bytesByUid(sent));
      expect((await instances()).every((row) => row.store === 'archive')).toBe(true);
      expect(archive.journal.held().ranges).toBe(0);
    },
  );

  it('keeps the bytes in the journal when the store gives others back', async () => {
    const sent = objects(5);
    await Promise.all(sent.map((object) => sendIndexed(archive, object)));
    const lying: ObjectStore = {
      ...store,
      put: (key, body) =>
        store.put(
          key,
          Buffer.isBuffer(body) ? body : Buffer.alloc(sent.length * (sent[0]?.part10.length ?? 0), 1),
        ),
    };
    await archive.stop();
    archive = await open(folder, { archive: { name: 'archive', store: lying } });
    await archive.replayed;
    await expect(archive.settler.settleSeries(tenant.tenantId, await seriesId())).rejects.toMatchObject({
      kind: 'integrity',
    });
    expect(await stored(archive)).toEqual(bytesByUid(sent));
    expect((await instances()).every((row) => row.store === 'journal')).toBe(true);
  });

  it('finds idle series by itself while images are received and read', async () => {
    await archive.stop();
    archive = await open(folder, { settle: { idleMs: 0, pollMs: 20 } });
    const sent = objects(60, 20_000);
    for (const object of sent) {
      await sendIndexed(archive, object);
      await stored(archive);
    }
    await expect
      .poll(async () => (await instances()).every((row) => row.store === 'archive'), { timeout: 20_000 })
      .toBe(true);
    expect(await stored(archive)).toEqual(bytesByUid(sent));
    await expect.poll(() => archive.journal.held().ranges).toBe(0);
  });
});
