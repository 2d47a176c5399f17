import type { DicomService } from '@archwire/contracts';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createInstanceReader,
  openArchive,
  transcodeInstance,
  type Archive,
  type InstanceReader,
} from '@archwire/archive';
import { createTestDatabase, type TestDatabase, type TestTenant } from '@archwire/database/testing';
import { createPixelPool } from '@archwire/dicom';
import { createFilesystemStore } from '@archwire/storage-adapters';
import { temporaryFolder } from '@archwire/test-data/processes';
import { openReadAudit } from '../../dicomweb/index.ts';
import type { AdmittedSource } from '../admission.ts';
import { createGetScp } from '../retrieve/get-scp.ts';
import { createMoveScp, type MoveScpDeps } from '../retrieve/move-scp.ts';
import { createRetrieve } from '../retrieve/retrieve.ts';
import { createAssociationPool } from '../scu/association-pool.ts';
import type { Peer } from '../scu/peer.ts';
import type { ScuLimits } from '../scu/scu-association.ts';
import { startListener, type LogLine, type TestListener } from './start-listener.ts';

export interface RunningRetrieve extends TestListener {
  readonly folder: string;
  readonly database: TestDatabase;
  readonly archive: Archive;
  /** Whose peers the next associations are. */
  tenant: TestTenant;
  /** Move Destinations by AE title. */
  readonly destinations: Map<string, Peer>;
  readonly sendLines: readonly LogLine[];
  /** Part 10 files, kept and indexed. */
  put(...files: readonly Buffer[]): Promise<void>;
  flushAudit(): Promise<void>;
}

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** The listener with C-GET and C-MOVE over a real archive and PostgreSQL. */
export const startRetrieve = async (
  options: {
    readonly limits?: Partial<ScuLimits>;
    readonly reader?: Pick<InstanceReader, 'stored'>;
    readonly most?: { readonly mostAtOnce?: number; readonly mostSubOperations?: number };
  } = {},
): Promise<RunningRetrieve> => {
  const folder = await temporaryFolder();
  const database = await createTestDatabase();
  const store = await createFilesystemStore({
    name: 'archive',
    root: join(folder, 'archive'),
    signing: { secret: Buffer.alloc(32, 1), baseUrl: '/objects' },
  });
  const archive = await openArchive({
    database: database.db,
    folder: join(folder, 'journal'),
    archive: { name: 'archive', store },
    log: SILENT,
    settle: { idleMs: 3_600_000, pollMs: 100 },
  });
  const pixels = createPixelPool({ threads: 1 });
  const { withTenant } = database.db;
  const reader = options.reader ?? createInstanceReader({ stores: archive.stores, withTenant });
  const audit = openReadAudit({
    withTenant,
    log: {
      error: (fields) => {
        throw new Error(JSON.stringify(fields));
      },
    },
  });
  const retrieve = createRetrieve({ withTenant, audit, reader, ...options.most });
  const pool = createAssociationPool({ limits: options.limits ?? {} });
  const destinations = new Map<string, Peer>();
  const sendLines: LogLine[] = [];
  const transcode: MoveScpDeps['transcode'] = (stored, transferSyntaxUid) =>
    transcodeInstance(stored, pixels, transferSyntaxUid);
  const log = {
    warn: (fields: object, message?: string) =>
      void sendLines.push({ level: 'warn', fields, message: message ?? '' }),
  };
  const state = { tenant: await database.tenant() };
  const listener = await startListener({
    admit: async () => {
      const services = new Set<DicomService>(['store', 'retrieve']);
      const source: AdmittedSource = { ...state.tenant, deviceId: null, services };
      return { admitted: true, source };
    },
    services: [
      createGetScp({ retrieve, transcode, log }),
      createMoveScp({
        retrieve,
        transcode,
        pool,
        destination: async (_source, aeTitle) => destinations.get(aeTitle) ?? null,
        log,
      }),
    ],
  });
  return {
    ...listener,
    folder,
    database,
    archive,
    get tenant() {
      return state.tenant;
    },
    set tenant(tenant) {
      state.tenant = tenant;
    },
    destinations,
    sendLines,
    put: async (...files) => {
      const receipts = await Promise.all(
        files.map(async (file) => {
          const sink = archive.ingest.beginPart10({
            ...state.tenant,
            deviceId: null,
            via: 'stow',
            callingAe: null,
            calledAe: null,
            address: '127.0.0.1',
            receivedAt: new Date().toISOString(),
          });
          for (let at = 0; at < file.length; at += 1_048_576)
            if (!sink.write(file.subarray(at, at + 1_048_576))) await sink.drained();
          return await sink.finish();
        }),
      );
      await Promise.all(receipts.map(({ indexed }) => indexed));
    },
    flushAudit: async () => await audit.flush(),
    stop: async () => {
      await listener.stop();
      await pool.close();
      await audit.flush();
      await archive.stop();
      await pixels.close();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
