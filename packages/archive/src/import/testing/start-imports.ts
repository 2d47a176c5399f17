import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EnqueueJob, type JobPayload, JOBS, PERMISSIONS, type Principal } from '@archwire/contracts';
import { createTestDatabase, type TestDatabase, type TestTenant } from '@archwire/database/testing';
import { createFilesystemStore } from '@archwire/storage-adapters';
import { type Archive, openArchive } from '../../stores/open-archive.ts';
import type { FileProgress } from '../import-file-row.ts';
import type { ImportView } from '../read-import.ts';
import { openImports, type Imports } from '../open-imports.ts';

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

export interface TestImports {
  readonly imports: Imports;
  readonly archive: Archive;
  readonly database: TestDatabase;
  readonly tenant: TestTenant;
  readonly principal: Principal;
  readonly folder: string;
  /** Jobs that wait, oldest first. */
  readonly jobs: JobPayload<'open-import'>[];
  /** Does what waits, and what comes of it. */
  work(lastAttempt?: boolean): Promise<void>;
  begin(): Promise<ImportView>;
  /** Names a file and sends all of it. */
  bring(importId: string, path: string, bytes: Buffer): Promise<FileProgress>;
  /** Sends what is named already. */
  send(importId: string, fileId: string, bytes: Buffer, offset?: number): Promise<FileProgress>;
  /** `path → outcome reason`, in the order of the paths; containers before their entries as `zip/entry`. */
  report(importId: string): Promise<Record<string, string>>;
  restart(): void;
  close(): Promise<void>;
}

export const principalOf = ({ tenantId }: TestTenant): Principal => ({
  tenantId,
  kind: 'system',
  id: null,
  locationId: null,
  permissions: new Set(PERMISSIONS),
  address: null,
  userAgent: null,
  requestId: 'r',
});

export async function* inChunks(bytes: Buffer, size = 50_000): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield Buffer.from(bytes.subarray(at, at + size));
}

/** The import side on a real database, journal and object store; jobs run when the test says so. */
export const startImports = async (): Promise<TestImports> => {
  const database = await createTestDatabase();
  const tenant = await database.tenant();
  const principal = principalOf(tenant);
  const folder = mkdtempSync(join(tmpdir(), 'archwire-imports-'));
  const store = await createFilesystemStore({
    name: 'archive',
    root: join(folder, 'store'),
    signing: { secret: Buffer.alloc(32), baseUrl: '/objects' },
  });
  const archive = await openArchive({
    database: database.db,
    folder: join(folder, 'journal'),
    archive: { name: 'archive', store },
    log: SILENT,
    journal: { segmentSize: 4 << 20, spares: 0, headroom: 0, graceMs: 0, commit: 'sync' },
    settle: { idleMs: 3_600_000, pollMs: 3_600_000 },
  });
  const jobs: JobPayload<'open-import'>[] = [];
  const enqueue: EnqueueJob = async (name, payload) => {
    if (name === 'open-import') jobs.push(JOBS['open-import'].parse(payload));
  };
  const open = (): Imports => openImports({ database: database.db, archive, store, enqueue, log: SILENT });
  let imports = open();
  let count = 0;

  const send = async (importId: string, fileId: string, bytes: Buffer, offset = 0) =>
    await imports.service.receive(principal, {
      importId,
      fileId,
      offset,
      chunks: inChunks(bytes),
      length: bytes.length,
    });

  return {
    get imports() {
      return imports;
    },
    archive,
    database,
    tenant,
    principal,
    folder,
    jobs,
    work: async (lastAttempt = false) => {
      for (let job = jobs.shift(); job !== undefined; job = jobs.shift())
        await imports.opener.open(job, { lastAttempt });
    },
    begin: () => imports.service.create(principal, { expectedFiles: 1, expectedBytes: 1 }),
    bring: async (importId, path, bytes) => {
      const key = `key-${(count += 1)}-xxxxxxxx`;
      const { files } = await imports.service.declare(principal, importId, {
        files: [{ key, path, size: bytes.length }],
      });
      const [file] = files;
      if (file === undefined) throw new Error('The declaration answered nothing.');
      return await send(importId, file.fileId, bytes);
    },
    send,
    report: async (importId) => {
      const all: Record<string, string> = {};
      let after: string | undefined;
      do {
        const page = await imports.service.files(principal, importId, { show: 'all', after });
        for (const { path, inside, outcome, reason, state } of page.files) {
          const name = inside === null ? path : `${inside}/${path}`;
          all[all[name] === undefined ? name : `${name} (again)`] = [outcome ?? state, reason]
            .filter((word) => word !== null)
            .join(' ');
        }
        after = page.next ?? undefined;
      } while (after !== undefined);
      return all;
    },
    restart: () => {
      imports.opener.stop();
      imports = open();
    },
    close: async () => {
      await archive.stop();
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
