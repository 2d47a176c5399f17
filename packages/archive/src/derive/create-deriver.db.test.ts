// Real: PostgreSQL, the index function, the filesystem store, range reads, decoders, sharp in worker threads.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError, type Permission } from '@archwire/contracts';
import { ingestBatch } from '@archwire/database';
import { createTestDatabase, type TestDatabase, type TestTenant } from '@archwire/database/testing';
import { createPixelPool, readInstanceHead, type PixelPool } from '@archwire/dicom';
import { grayImage, part10, type TestObject } from '@archwire/dicom/testing';
import { createFilesystemStore, type ObjectStore } from '@archwire/storage-adapters';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { storeReader } from '../stores/create-stores.ts';
import { createInstanceReader } from '../retrieve/instance-reader.ts';
import { createDeriver } from './create-deriver.ts';
import { findDerivative } from './find-derivative.ts';
import { rebuildDerivatives } from './rebuild-derivatives.ts';
import { removeDerivatives } from './remove-derivatives.ts';

const home = mkdtempSync(join(tmpdir(), 'archwire-derive-'));
const pool = createPixelPool({ threads: 2 });
const counting = { bytes: 0 };
let testDatabase: TestDatabase;
let tenant: TestTenant;
let store: ObjectStore;
let warnings: Record<string, unknown>[] = [];

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const files = await createFilesystemStore({
    name: 'archive',
    root: join(home, 'archive'),
    signing: { secret: Buffer.alloc(32, 1), baseUrl: '/files' },
  });
  store = {
    ...files,
    read: async (key, range) => {
      const bytes = await files.read(key, range);
      counting.bytes += bytes.length;
      return bytes;
    },
  };
});
beforeEach(async () => {
  tenant = await testDatabase.tenant();
  warnings = [];
});
afterAll(async () => {
  await pool.close();
  await testDatabase.close();
  rmSync(home, { recursive: true });
});

let count = 0;
/** Stores and indexes objects of one series; answers their instance ids in order. */
async function keep(...objects: readonly TestObject[]) {
  const rows = [];
  for (const object of objects) {
    count += 1;
    const sopInstanceUid = `2.25.77.${count}`;
    const bytes = part10({ ...object, sopInstanceUid });
    const key = `t/${tenant.tenantId}/test/${count}`;
    await store.put(key, bytes);
    rows.push({
      header: readInstanceHead(bytes).header,
      source: {
        tenantId: tenant.tenantId,
        locationId: tenant.locationId,
        deviceId: null,
        via: 'dimse' as const,
        callingAe: 'TEST',
        calledAe: 'ARCHWIRE',
        address: '127.0.0.1',
        issuer: tenant.issuer,
        receivedAt: '2026-01-05T10:12:00.000Z',
      },
      location: { store: 'archive', key, offset: 0, length: bytes.length },
      sha256: createHash('sha256').update(bytes).digest(),
    });
  }
  const results = await ingestBatch(testDatabase.db.knex, rows);
  return { seriesId: results[0]?.seriesId ?? '', instanceIds: results.map(({ instanceId }) => instanceId) };
}

const deriver = (parts: { readonly pool?: PixelPool; readonly store?: ObjectStore } = {}) => {
  const { withTenant } = testDatabase.db;
  const target = parts.store ?? store;
  return createDeriver({
    withTenant,
    reader: createInstanceReader({ withTenant, stores: new Map([['archive', storeReader(target)]]) }),
    storeOf: async () => ({ name: 'archive', store: target }),
    pool: parts.pool ?? pool,
    log: { warn: (fields) => warnings.push({ ...fields }) },
  });
};
const derive = (
  series: Awaited<ReturnType<typeof keep>>,
  parts: Parameters<typeof deriver>[0] = {},
  lastAttempt = false,
) => deriver(parts).derive({ tenantId: tenant.tenantId, ...series }, { lastAttempt });

interface Row {
  readonly n: string;
  readonly kind: string;
  readonly size: string;
  readonly frame: number;
  readonly placeholder_reason: string | null;
}
/** One line per derivative: position of the instance in the list, kind, size, frame, reason. */
async function derivatives(instanceIds: readonly string[]): Promise<string[]> {
  const rows = await testDatabase.owner<Row>(
    `select array_position($1::bigint[], instance_id) as n, kind, width || 'x' || height as size, frame, placeholder_reason
     from derivative where tenant_id = $2
     order by 1, array_position(array['thumbnail', 'preview', 'display'], kind)`,
    [instanceIds, tenant.tenantId],
  );
  return rows.map((row) => [row.n, row.kind, row.size, row.frame, row.placeholder_reason ?? '-'].join(' '));
}
const three = (n: number, sizes: readonly [string, string, string], frame: number, reason = '-') =>
  ['thumbnail', 'preview', 'display'].map((kind, i) => `${n} ${kind} ${sizes[i]} ${frame} ${reason}`);
const PLACEHOLDER = ['200x200', '800x800', '800x800'] as const;

const gray = (rows: number, columns: number, frames = 1, more = {}): TestObject => ({
  elements: grayImage(rows, columns, frames === 1 ? more : { ...more, '00280008 IS': String(frames) }),
  pixelData: Buffer.from(Uint16Array.from({ length: rows * columns * frames }, (_, i) => i % 5000).buffer),
});
const damaged: TestObject = {
  transferSyntaxUid: '1.2.840.10008.1.2.4.90',
  elements: grayImage(8, 8),
  fragments: { table: [], values: [Buffer.alloc(64, 1)] },
};
const report: TestObject = { sopClassUid: '1.2.840.10008.5.1.4.1.1.88.11', elements: {} };
const jpegXl: TestObject = { ...damaged, transferSyntaxUid: '1.2.840.10008.1.2.4.110' };
/** 300 kB that inflate to 300 MB. */
const bomb: TestObject = {
  transferSyntaxUid: '1.2.840.10008.1.2.1.99',
  elements: grayImage(1000, 1000, { '00280008 IS': '150' }),
  pixelData: Buffer.alloc(300_000_000),
};
const huge: TestObject = { elements: grayImage(65_535, 65_535), pixelData: Buffer.alloc(16) };

describe('deriving a series', () => {
  it('makes three pictures of every instance; what cannot be shown says why and keeps nobody from theirs', async () => {
    const objects = [gray(1000, 2000), damaged, report, jpegXl, huge, gray(40, 60, 7), bomb];
    const { seriesId, instanceIds } = await keep(...objects);
    expect(await derive({ seriesId, instanceIds })).toEqual({ made: 7, placeholders: 5 });
    expect(await derivatives(instanceIds)).toEqual([
      ...three(1, ['200x100', '800x400', '2000x1000'], 1),
      ...three(2, PLACEHOLDER, 1, 'damaged'),
      ...three(3, PLACEHOLDER, 1, 'no-picture'),
      ...three(4, PLACEHOLDER, 1, 'unsupported'),
      ...three(5, PLACEHOLDER, 1, 'too-large'),
      ...three(6, ['60x40', '60x40', '60x40'], 4),
      ...three(7, PLACEHOLDER, 1, 'too-large'),
    ]);
    expect(warnings).toEqual([]);
  });

  it('packs the pictures of a job into one object, thumbnails first, and names their ranges; a small image is its own preview', async () => {
    const { seriesId, instanceIds } = await keep(gray(30, 30), gray(900, 40));
    await derive({ seriesId, instanceIds });
    const id = Number(instanceIds[1]);
    const found = await testDatabase.db.withTenant(tenant.tenantId, (trx) =>
      findDerivative(trx, id, 'preview'),
    );
    const ranges = await testDatabase.owner<{ kind: string; key: string; offset: number; length: number }>(
      `select kind, key, "offset"::int as offset, length::int as length from derivative where tenant_id = $1 order by "offset", array_position(array['thumbnail', 'preview', 'display'], kind)`,
      [tenant.tenantId],
    );
    const key = ranges[0]?.key ?? '';
    expect(key).toMatch(new RegExp(`^t/${tenant.tenantId}/derivatives/${seriesId}/[0-9a-f]{32}\\.pack$`));
    expect(ranges.map((range) => [range.kind, range.key])).toEqual(
      ['thumbnail', 'thumbnail', 'preview', 'display', 'preview', 'display'].map((kind) => [kind, key]),
    );
    expect(ranges[2]?.offset).toBe(ranges[3]?.offset);
    const apart = ranges.filter((range, at) => range.offset !== ranges[at - 1]?.offset);
    const end = apart.reduce((at, { offset, length }) => (offset === at ? at + length : Number.NaN), 0);
    expect(end).toBe((await store.head(key))?.length);
    const { offset, length } = ranges[4] ?? { offset: 0, length: 0 };
    expect(found).toEqual({
      location: { store: 'archive', key, offset, length },
      mediaType: 'image/jpeg',
      width: 36,
      height: 800,
      frame: 1,
      placeholderReason: null,
    });
    for (const range of ranges)
      expect((await store.read(key, range)).subarray(0, 3).toString('hex')).toBe('ffd8ff');
  });

  it('shows the frame that Representative Frame Number names', async () => {
    const { seriesId, instanceIds } = await keep(gray(10, 10, 5, { '00286010 US': [2] }));
    await derive({ seriesId, instanceIds });
    expect(await derivatives(instanceIds)).toEqual(three(1, ['10x10', '10x10', '10x10'], 2));
  });

  it('reads one frame of a large object, not the object', async () => {
    const { seriesId, instanceIds } = await keep(gray(256, 256, 200));
    counting.bytes = 0;
    await derive({ seriesId, instanceIds });
    expect(counting.bytes).toBeLessThan(256 * 256 * 2 + 100_000);
  });

  it('does nothing twice, but makes again what an older recipe made', async () => {
    const { seriesId, instanceIds } = await keep(gray(10, 10), gray(10, 10));
    await derive({ seriesId, instanceIds });
    expect(await derive({ seriesId, instanceIds })).toEqual({ made: 0, placeholders: 0 });
    await testDatabase.owner('update derivative set recipe = 0 where instance_id = $1', [instanceIds[1]]);
    expect(await derive({ seriesId, instanceIds })).toEqual({ made: 1, placeholders: 0 });
  });

  it('makes all of a study again when somebody asks for that, under new addresses, and the old object goes', async () => {
    const { seriesId, instanceIds } = await keep(gray(10, 10), gray(900, 1000), report);
    await derive({ seriesId, instanceIds });
    const rows = async () =>
      await testDatabase.owner<{ recipe: number; key: string; ratio: number | null; length: number }>(
        `select recipe, key, compression_ratio as ratio, length::int from derivative
          where instance_id = any($1::bigint[]) order by instance_id, kind`,
        [instanceIds],
      );
    const before = await rows();
    // By kind: display, preview, thumbnail.
    const [small] = before;
    expect(small?.ratio).toBeCloseTo((small?.length ?? 0) / 200, 4);
    expect(before[3]?.ratio).toBeCloseTo((before[3]?.length ?? 0) / 1_800_000, 4);
    expect(before[6]?.ratio).toBeNull();
    // As a recipe of before left it.
    await testDatabase.owner(
      'update derivative set recipe = 1, key = $2 where instance_id = any($1::bigint[])',
      [instanceIds, `t/${tenant.tenantId}/derivatives/old.pack`],
    );
    await store.put(`t/${tenant.tenantId}/derivatives/old.pack`, Buffer.from('old'));

    const [study] = await testDatabase.owner<{ id: string }>(
      'select study_id as id from series where id = $1',
      [seriesId],
    );
    const principal = {
      tenantId: tenant.tenantId,
      kind: 'user' as const,
      id: '00000000-0000-4000-8000-000000000001',
      locationId: null,
      permissions: new Set<Permission>(['imaging.conflict.write']),
      address: '127.0.0.1',
      userAgent: 'test',
      requestId: 'r-1',
    };
    const { withTenant } = testDatabase.db;
    expect(await rebuildDerivatives(withTenant, principal, study?.id ?? '')).toEqual({ instances: 3 });
    await expect(
      rebuildDerivatives(withTenant, { ...principal, permissions: new Set() }, study?.id ?? ''),
    ).rejects.toMatchObject({ kind: 'forbidden' });
    const [event] = await testDatabase.owner<{ payload: object }>(
      `select payload from outbox where tenant_id = $1 and topic = 'derivatives.rebuild'`,
      [tenant.tenantId],
    );
    expect(event?.payload).toEqual({ seriesId, instanceIds });

    expect(await derive({ seriesId, instanceIds })).toEqual({ made: 3, placeholders: 1 });
    expect((await rows()).map(({ recipe }) => recipe)).toEqual(
      Array(9).fill(before[0]?.recipe === undefined ? 0 : 1000 + before[0].recipe),
    );
    expect(await store.head(`t/${tenant.tenantId}/derivatives/old.pack`)).toBeUndefined();
    expect((await rows()).map(({ key, length }) => [key, length])).toEqual(
      before.map(({ key, length }) => [key, length]),
    );
    expect(await derive({ seriesId, instanceIds })).toEqual({ made: 0, placeholders: 0 });
  });

  it('never shows bytes that gave way to others while it worked', async () => {
    const { seriesId, instanceIds } = await keep(gray(10, 10), gray(20, 20));
    const [early] = instanceIds;
    const put: string[] = [];
    const resolving: ObjectStore = {
      ...store,
      put: async (key, body, options) => {
        const info = await store.put(key, body, options);
        put.push(key);
        // The first now shows what the second holds.
        await testDatabase.owner(
          `update instance i set sha256 = o.sha256, key = o.key, length = o.length from instance o where i.id = $1 and o.id = $2`,
          [early, instanceIds[1]],
        );
        return info;
      },
    };
    const alone = { seriesId, instanceIds: instanceIds.slice(0, 1) };
    await derive(alone, { store: resolving });
    expect(await derivatives(instanceIds)).toEqual([]);
    expect(await Promise.all(put.map((key) => store.head(key)))).toEqual([undefined]);
    await derive({ seriesId, instanceIds });
    expect(await derivatives(instanceIds)).toEqual([
      ...three(1, ['20x20', '20x20', '20x20'], 1),
      ...three(2, ['20x20', '20x20', '20x20'], 1),
    ]);
  });

  it('passes over instances that are gone, and those of another tenant', async () => {
    const { seriesId, instanceIds } = await keep(gray(10, 10));
    expect(await derive({ seriesId, instanceIds: ['999999999'] })).toEqual({ made: 0, placeholders: 0 });
    const other = await testDatabase.tenant('Other');
    const job = { tenantId: other.tenantId, seriesId, instanceIds };
    expect(await deriver().derive(job, { lastAttempt: false })).toEqual({ made: 0, placeholders: 0 });
    expect(await derivatives(instanceIds)).toEqual([]);
  });
});

describe('removing derivatives', () => {
  it('deletes the objects that no row refers to, once or twice', async () => {
    const { seriesId, instanceIds } = await keep(gray(10, 10), gray(12, 12));
    await derive({ seriesId, instanceIds });
    const objects = await testDatabase.owner<{ store: string; key: string }>(
      'select store, key from derivative where instance_id = $1',
      [instanceIds[0]],
    );
    const obsolete = { instanceId: instanceIds[0] ?? '', objects };
    const kept = async (): Promise<number> =>
      (await Promise.all(objects.map(({ key }) => store.head(key)))).filter((head) => head !== undefined)
        .length;
    const { withTenant } = testDatabase.db;
    const remove = () =>
      removeDerivatives(
        { withTenant, storeOf: async () => ({ name: 'archive', store }) },
        tenant.tenantId,
        obsolete,
      );
    await remove();
    expect(await kept()).toBe(3);
    // The other instance's pictures lie in the same object.
    await testDatabase.owner('delete from derivative where instance_id = $1', [instanceIds[0]]);
    await remove();
    expect(await kept()).toBe(3);
    await testDatabase.owner('delete from derivative where instance_id = $1', [instanceIds[1]]);
    await remove();
    await remove();
    expect(await kept()).toBe(0);
  });
});

describe('a failure that may heal', () => {
  it('of reading fails the job after the others are recorded; the next attempt makes only what is missing', async () => {
    const { seriesId, instanceIds } = await keep(gray(10, 10), gray(20, 20));
    const [row] = await testDatabase.owner<{ key: string }>('select key from instance where id = $1', [
      instanceIds[0],
    ]);
    const failing: ObjectStore = {
      ...store,
      read: async (key, range) => {
        if (key === row?.key) throw new AppError('unavailable', 'The store does not answer.');
        return store.read(key, range);
      },
    };
    await expect(derive({ seriesId, instanceIds }, { store: failing })).rejects.toMatchObject({
      kind: 'unavailable',
    });
    expect(await derivatives(instanceIds)).toEqual(three(2, ['20x20', '20x20', '20x20'], 1));
    expect(warnings.map(({ instanceId }) => instanceId)).toEqual([Number(instanceIds[0])]);
    expect(await derive({ seriesId, instanceIds })).toEqual({ made: 1, placeholders: 0 });
  });

  it('of writing leaves nothing half recorded, names every instance, and passes', async () => {
    const { seriesId, instanceIds } = await keep(gray(10, 10), gray(20, 20));
    const full: ObjectStore = {
      ...store,
      put: () => Promise.reject(new AppError('storage-full', 'The disk is full.')),
    };
    await expect(derive({ seriesId, instanceIds }, { store: full })).rejects.toMatchObject({
      kind: 'unavailable',
    });
    expect(await derivatives(instanceIds)).toEqual([]);
    // The threads end in any order.
    expect(new Set(warnings.map(({ instanceId }) => instanceId))).toEqual(new Set(instanceIds.map(Number)));
    expect(await derive({ seriesId, instanceIds })).toEqual({ made: 2, placeholders: 0 });
  });

  it('of time is tried again, and shown as such on the last attempt', async () => {
    const { seriesId, instanceIds } = await keep(gray(10, 10));
    const slow: PixelPool = {
      ...pool,
      derive: async () => {
        throw new AppError('unavailable', 'Too slow.', { details: { reason: 'timeout' } });
      },
    };
    await expect(derive({ seriesId, instanceIds }, { pool: slow })).rejects.toMatchObject({
      kind: 'unavailable',
    });
    expect(await derivatives(instanceIds)).toEqual([]);
    expect(await derive({ seriesId, instanceIds }, { pool: slow }, true)).toEqual({
      made: 1,
      placeholders: 1,
    });
    expect(await derivatives(instanceIds)).toEqual(three(1, PLACEHOLDER, 1, 'timeout'));
  });
});
