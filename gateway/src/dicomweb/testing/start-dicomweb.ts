import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Archive,
  createFirstLooks,
  createInstanceReader,
  openArchive,
  type SeriesMetadata,
} from '@archwire/archive';
import {
  AppError,
  type AppErrorKind,
  PERMISSIONS,
  type Permission,
  type Principal,
} from '@archwire/contracts';
import { createTestDatabase, type TestDatabase, type TestTenant } from '@archwire/database/testing';
import { createPixelPool, type PixelPool } from '@archwire/dicom';
import { createFilesystemStore, type ObjectStore } from '@archwire/storage-adapters';
import Koa from 'koa';
import { createDicomwebMetadata } from '../dicomweb-metadata.ts';
import { createDicomwebRouter } from '../create-dicomweb-router.ts';
import { openReadAudit } from '../open-read-audit.ts';

export interface RunningDicomweb {
  /** Absolute URL of the service, without a slash at its end. */
  readonly url: string;
  readonly port: number;
  readonly database: TestDatabase;
  readonly archive: Archive;
  readonly store: ObjectStore;
  readonly metadata: SeriesMetadata;
  /** Whose requests these are unless `as` says otherwise. */
  readonly tenant: TestTenant;
  readonly other: TestTenant;
  /** Makes the next requests come from this tenant, with these permissions, for this location. */
  as(tenant: TestTenant, permissions?: readonly Permission[], locationId?: string): void;
  readonly problems: readonly { readonly level: string; readonly fields: object }[];
  /** Series that settled, as the archive told. */
  readonly settled: readonly { readonly tenantId: string; readonly seriesId: string }[];
  flush(): Promise<void>;
  stop(): Promise<void>;
}

const STATUS: Partial<Record<AppErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'not-acceptable': 406,
  conflict: 409,
  'too-large': 413,
  unsupported: 415,
  'range-not-satisfiable': 416,
  'storage-full': 507,
  unavailable: 503,
};

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** The real archive and router behind a minimal application: errors as JSON, a principal that the test chooses. */
export const startDicomweb = async (
  options: { readonly settleIdleMs?: number } = {},
): Promise<RunningDicomweb> => {
  const folder = await mkdtemp(join(tmpdir(), 'archwire-dicomweb-'));
  const database = await createTestDatabase();
  const tenant = await database.tenant('Ours');
  const other = await database.tenant('Theirs');
  const store = await createFilesystemStore({
    name: 'archive',
    root: join(folder, 'archive'),
    signing: { secret: Buffer.alloc(32, 1), baseUrl: '/objects' },
  });
  const settled: { tenantId: string; seriesId: string }[] = [];
  const pixels: PixelPool = createPixelPool({ threads: 1 });
  const archive = await openArchive({
    database: database.db,
    folder: join(folder, 'journal'),
    archive: { name: 'archive', store },
    log: SILENT,
    pixels,
    settle: {
      idleMs: options.settleIdleMs ?? 3_600_000,
      pollMs: 100,
      onSettled: (tenantId, seriesId) => settled.push({ tenantId, seriesId }),
    },
  });
  const problems: { level: string; fields: object }[] = [];
  const log = {
    warn: (fields: object) => problems.push({ level: 'warn', fields }),
    error: (fields: object) => problems.push({ level: 'error', fields }),
  };
  const { withTenant } = database.db;
  const reader = createInstanceReader({ stores: archive.stores, withTenant });
  const metadata = createDicomwebMetadata({ withTenant, reader, store, log });
  const audit = openReadAudit({ withTenant, log });
  const router = createDicomwebRouter({
    withTenant,
    ingest: archive.ingest,
    stores: archive.stores,
    reader,
    firstLooks: createFirstLooks({ withTenant, reader, store, pixels }),
    metadata,
    pixels,
    audit,
  });
  let principal: Principal;
  const as = (
    { tenantId }: TestTenant,
    permissions: readonly Permission[] = PERMISSIONS,
    locationId?: string,
  ): void => {
    principal = {
      tenantId,
      kind: 'user',
      id: '00000000-0000-4000-8000-000000000001',
      locationId: locationId ?? null,
      permissions: new Set(permissions),
      address: '127.0.0.1',
      userAgent: 'test',
      requestId: 'r-1',
    };
  };
  as(tenant);

  const app = new Koa();
  app.on('error', () => {});
  app.use(async (ctx, next) => {
    try {
      ctx.state['principal'] = principal;
      await next();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      ctx.status = STATUS[error.kind] ?? 500;
      ctx.body = { error: error.kind, message: error.message, details: error.details };
    }
  });
  app.use(router.routes());
  const handle = app.callback();
  const server: Server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/dicomweb`,
    port,
    database,
    archive,
    store,
    metadata,
    tenant,
    other,
    as,
    problems,
    settled,
    flush: () => audit.flush(),
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      await audit.flush();
      await archive.stop();
      await pixels.close();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
