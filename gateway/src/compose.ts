import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import {
  createDeriver,
  createFirstLooks,
  createInstanceReader,
  createPictureLookup,
  createRuleRunner,
  openArchive,
  openImports,
  removeDerivatives,
  type Archive,
  type SeriesMetadata,
  type TenantStore,
} from '@archwire/archive';
import { AppError, type EnqueueJob } from '@archwire/contracts';
import { createOutboxRelay, openDatabase, type Database } from '@archwire/database';
import { createPixelPool } from '@archwire/dicom';
import {
  accountsRoutes,
  assertSecretKey,
  auditRoutes,
  createAccounts,
  createActivityRecorder,
  createAdmission,
  createAuditService,
  createDeviceCapabilities,
  createDeviceEcho,
  createDeviceService,
  createGroupService,
  createLetterSender,
  createMailer,
  createOrderService,
  createRecompressionService,
  createRefusalList,
  createSecretBox,
  createSetupService,
  createRefusalRecorder,
  createWorklistPreview,
  DEFAULT_ADMIN_EMAIL,
  devicesRoutes,
  ensureFirstAdministrator,
  type FirstAdministrator,
  groupRoutes,
  imagingRoutes,
  importsRoutes,
  isLoopback,
  loadSecretKey,
  loadSigningKey,
  ordersRoutes,
  patientsRoutes,
  recompressionRoutes,
  type SecretBox,
  studiesRoutes,
  viewsRoutes,
  setupRoutes,
} from '@archwire/practice-server';
import {
  type Config,
  createQueues,
  type Logger,
  type Metrics,
  type Queues,
  type Shutdown,
} from '@archwire/runtime';
import { createFilesystemStore, type ObjectStore } from '@archwire/storage-adapters';
import { createRegistry, createWorkers } from '@archwire/workers';
import { composeExports } from './compose-exports.ts';
import { composeWatch } from './compose-watch.ts';
import { createArchiveMetrics } from './archive-metrics.ts';
import { createLiveHub } from './live/live-hub.ts';
import { startLiveSource } from './live/live-source.ts';
import { startOperations } from './operations/start-operations.ts';
import { createMetadataPreparer } from './metadata-preparer.ts';
import { publishEvent } from './publish-event.ts';
import { createNodeDoor } from './node-door.ts';
import { createReceiveFirst } from './receive-first.ts';
import { diskHeadroom } from './http/disk-headroom.ts';
import type { HealthCheck } from './http/health.ts';
import { watchQueues } from './watch-queues.ts';
import { receiverOf } from './receiver.ts';
import { startHttpServer } from './http/http-server.ts';
import { createSendTestImage } from './setup/send-test-image.ts';

export interface Composed {
  /** Made in this very start; `null` otherwise. */
  readonly firstAdministrator: FirstAdministrator | null;
  /** `null`: the service does not run in this process. */
  readonly httpPort: number | null;
  readonly dimsePort: number | null;
  readonly dimseTlsPort: number | null;
}

interface Deps {
  readonly config: Config;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Gets every part as it starts, so that whatever fails half-way is undone in order. */
  readonly shutdown: Shutdown;
}

const STORE = 'archive';
const VIEWER = path.resolve(import.meta.dirname, '../../viewer/dist');
const WEB = path.resolve(import.meta.dirname, '../../practice/web/dist');
const PROBE = 'probe/readyz';

/** Who needs no second factor: the administrator in the environment of a server that nobody else can reach. */
const exemptEmail = ({ admin, bind, publicUrl, trustProxy }: Config): string | null =>
  admin.password !== null && isLoopback(bind) && publicUrl === null && !trustProxy
    ? (admin.email ?? DEFAULT_ADMIN_EMAIL).toLowerCase()
    : null;

const healthChecks = (
  config: Config,
  database: Database,
  queues: Queues,
  store: ObjectStore,
  archive: Archive,
): HealthCheck[] => [
  { name: 'database', check: () => database.ping() },
  { name: 'queue', check: () => queues.health() },
  { name: 'store', check: async () => void (await store.put(PROBE, Buffer.from('ok'))) },
  { name: 'journal', check: async () => archive.journal.assertRoom() },
  diskHeadroom(config.dataDir, config.diskHeadroomBytes),
];

const readPem = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new AppError(
      'invalid',
      `The file ${file} of the DICOM TLS settings cannot be read. Check ARCHWIRE_TLS_KEY, ARCHWIRE_TLS_CERT and ARCHWIRE_TLS_CA.`,
      { cause },
    );
  }
};

const dimseTls = async ({ dimseTls: files }: Config) =>
  files === null
    ? null
    : {
        port: files.port,
        key: await readPem(files.key),
        cert: await readPem(files.cert),
        ...(files.ca === null ? {} : { ca: await readPem(files.ca) }),
      };

/** How this process reaches its own listener: the address that it is bound to, or loopback when that is all of them. */
const loopOf = ({ bind }: Config, dimse: { readonly port: number } | null) => {
  if (dimse === null) return null;
  const address = bind === '0.0.0.0' ? '127.0.0.1' : bind === '::' ? '::1' : bind;
  return { address, send: createSendTestImage({ host: address, port: dimse.port }) };
};

/** `null`: this installation sends no letters. */
const letterSender = (
  { mail, publicUrl }: Config,
  database: Database,
  box: SecretBox,
  shutdown: Shutdown,
) => {
  if (mail === null || publicUrl === null) return null;
  const mailer = createMailer(mail);
  shutdown.add('mail', async () => mailer.close());
  return createLetterSender({ database, box, mailer, publicUrl });
};

/** Where the other nodes reach this one's journal: what was said, else this machine's name, for 0.0.0.0 is no address. */
const nodeUrl = ({ bind, node }: Config): string | null => {
  if (node.port === null) return null;
  const host = ['0.0.0.0', '::'].includes(bind) ? hostname() : bind.includes(':') ? `[${bind}]` : bind;
  return node.url ?? `http://${host}:${node.port}`;
};

/** Starts the parts of one process in the order of who leans on whom, and wires them by hand. */
export const compose = async ({ config, log, metrics, shutdown }: Deps): Promise<Composed> => {
  const { services } = config;
  // Loading takes as long as PostgreSQL does: side by side.
  const modules = Promise.all([
    import('./dimse/index.ts'),
    import('./compose-dimse.ts'),
    import('./compose-commitment.ts'),
    import('./dicomweb/index.ts'),
    import('./http/http-app.ts'),
  ]);
  modules.catch(() => {});

  const database = await openDatabase({
    connectionString: config.databaseUrl ?? undefined,
    dataDir: config.dataDir,
  });
  shutdown.add('database', () => database.close());
  const secretKey = await loadSecretKey({ dataDir: config.dataDir, given: config.secretKey });
  await assertSecretKey(database, secretKey);
  const box = createSecretBox(secretKey);
  const firstAdministrator = await ensureFirstAdministrator({ database, ...config.admin });

  const queues = await createQueues({
    connection:
      config.redisUrl === null
        ? { kind: 'postgres', connectionString: database.appUrl }
        : { kind: 'redis', url: config.redisUrl },
    log,
  });
  shutdown.add('queues', () => queues.close());
  watchQueues(metrics, queues);

  const store = await createFilesystemStore({
    name: STORE,
    root: config.storeDir,
    signing: { secret: await loadSigningKey(database, 'object-url'), baseUrl: '/objects' },
  });
  const storeOf = async (): Promise<TenantStore> => ({ name: STORE, store });
  const archiveMetrics = createArchiveMetrics(metrics);
  const receiveFirst = createReceiveFirst();
  // Settling may begin before what builds metadata is there, for that reads what settling writes.
  const metadata = Promise.withResolvers<Pick<SeriesMetadata, 'prepare'>>();
  const preparer = createMetadataPreparer({
    calm: () => receiveFirst.calm(),
    prepare: async (tenantId, seriesId) => (await metadata.promise).prepare(tenantId, seriesId),
    onProblem: (err, seriesId) =>
      log.warn(
        { seriesId, err },
        'metadata or first look of a series not built yet; the first request does it',
      ),
  });
  const pixels = createPixelPool();
  shutdown.add('pixels', () => pixels.close());
  const nodeSecret = await loadSigningKey(database, 'node');
  const archive = await openArchive({
    database,
    folder: path.join(config.dataDir, 'journal'),
    node: { name: config.node.name, url: nodeUrl(config), secret: nodeSecret },
    archive: { name: STORE, store },
    log: log.child({ component: 'archive' }),
    journal: { headroom: config.diskHeadroomBytes, segmentSize: config.journalSegmentBytes },
    pixels,
    settle: {
      idleMs: config.settleIdleSeconds * 1000,
      onSettled: (tenantId, seriesId) => preparer.settled(tenantId, seriesId),
    },
    onBatch: (batch) => {
      receiveFirst.received();
      archiveMetrics.onBatch(batch);
    },
  });
  archiveMetrics.watch(archive);
  shutdown.add('archive', () => archive.stop());

  const reader = createInstanceReader({ stores: archive.stores, withTenant: database.withTenant });
  const enqueue: EnqueueJob = queues.enqueue;
  const imports = openImports({
    database,
    archive,
    store,
    enqueue,
    log: log.child({ component: 'imports' }),
  });

  const exports = await composeExports({
    database,
    reader,
    pixels,
    stores: archive.stores,
    store,
    enqueue,
    log: log.child({ component: 'exports' }),
  });

  const [
    { createAssociationPool, createCapabilities, createDicomListener, createEcho },
    { dimseServices },
    { composeCommitment },
    { createDicomwebMetadata, createDicomwebRouter, openReadAudit },
    { createHttpApp },
  ] = await modules;
  const tls = await dimseTls(config);
  const { port: _port, ...scuTls } = tls ?? { port: null };
  const commitment = composeCommitment({
    aeTitle: config.aeTitle,
    database,
    enqueue,
    log: log.child({ component: 'dimse' }),
    stores: archive.stores,
    tls: scuTls,
  });

  if (services.has('workers')) {
    const deriver = createDeriver({
      withTenant: database.withTenant,
      reader,
      storeOf,
      pool: pixels,
      log: log.child({ component: 'derive' }),
    });
    const registry = createRegistry({
      deriver: archiveMetrics.countDerivatives({
        derive: async (job, context) => {
          await receiveFirst.calm();
          return await deriver.derive(job, context);
        },
      }),
      settler: archive.settler,
      letters: letterSender(config, database, box, shutdown),
      opener: imports.opener,
      rules: createRuleRunner({ withTenant: database.withTenant, reader }),
      reportCommitment: commitment.reportCommitment,
      notifyAvailability: commitment.notifyAvailability,
      exports: exports.builder,
    });
    shutdown.add('workers', await createWorkers({ queues, registry }).start());
  }
  const importsRunning = imports.start();
  shutdown.add('imports', () => importsRunning.stop());
  const exportsRunning = exports.start();
  shutdown.add('exports', () => exportsRunning.stop());
  if (services.has('workers'))
    await composeWatch({
      root: config.watchDir,
      database,
      archive,
      shutdown,
      log: log.child({ component: 'watch' }),
    });

  const relay = createOutboxRelay({
    db: database,
    publish: publishEvent({
      enqueue,
      removeDerivatives: async (tenantId, obsolete) =>
        await removeDerivatives({ withTenant: database.withTenant, storeOf }, tenantId, obsolete),
      log,
    }),
    onError: (error) => log.warn({ component: 'outbox', err: error }, 'an event could not be delivered yet'),
  }).start();
  shutdown.add('outbox', () => relay.stop());

  const seriesMetadata = createDicomwebMetadata({
    withTenant: database.withTenant,
    reader,
    store,
    log: log.child({ component: 'dicomweb' }),
  });
  const { withTenant } = database;
  const firstLooks = createFirstLooks({ withTenant, reader, store, pixels });
  metadata.resolve({
    prepare: async (tenantId, seriesId) => {
      await seriesMetadata.prepare(tenantId, seriesId);
      await firstLooks.prepare(tenantId, seriesId);
    },
  });
  shutdown.add('metadata', () => preparer.stop());
  const audit = openReadAudit({
    withTenant: database.withTenant,
    log: log.child({ component: 'audit' }),
  });
  shutdown.add('audit of reads', () => audit.flush());
  const admission = createAdmission({ database, aeTitle: config.aeTitle });
  const health = healthChecks(config, database, queues, store, archive);
  const operations = await startOperations({
    config,
    database,
    queues,
    archive,
    health,
    certificate: tls?.cert ?? null,
    log,
  });
  shutdown.add('operations', () => operations.stop());
  let dimse: { readonly port: number; readonly tlsPort: number | null } | null = null;
  if (services.has('dimse')) {
    const refusals = createRefusalRecorder({ database });
    shutdown.add(
      'refusals',
      refusals.start((error) =>
        log.warn({ component: 'refusals', err: error }, 'refused associations not written yet'),
      ),
    );
    const pool = createAssociationPool({});
    shutdown.add('associations', () => pool.close());
    const activity = createActivityRecorder({ database });
    shutdown.add(
      'device-activity',
      activity.start((error) =>
        log.warn({ component: 'devices', err: error }, 'traffic of devices not written yet'),
      ),
    );
    const listener = await createDicomListener({
      ingest: archive.ingest,
      services: [
        ...dimseServices({
          database,
          audit,
          aeTitle: config.aeTitle,
          reader,
          pixels,
          transcodeFolder: path.join(config.dataDir, 'transcoded'),
          pool,
          tls: scuTls,
          log: log.child({ component: 'dimse' }),
        }),
        commitment.service,
      ],
      admit: (peer) => admission.admit(peer),
      onRefusal: (refusal) => refusals.record(refusal),
      activity,
      onEnd: operations.onEnd,
      log: log.child({ component: 'dimse' }),
      metrics,
      host: config.bind,
      port: config.dimsePort,
      ...(tls === null ? {} : { tls }),
    }).start();
    shutdown.add('dimse', () => listener.stop());
    dimse = listener;
  }

  let httpPort: number | null = null;
  if (services.has('http')) {
    const accounts = await createAccounts({
      database,
      box,
      mail: config.mail !== null,
      onError: (err) =>
        log.warn({ component: 'accounts', err }, 'a forgotten password could not be answered'),
      totp: { required: config.requireTotp, exemptEmail: exemptEmail(config) },
    });
    shutdown.add('accounts', () => accounts.passwordReset.flush());
    const forgetPlaces = () => admission.forget();
    const devices = createDeviceService({ database, forget: forgetPlaces });
    const dicomweb = createDicomwebRouter({
      withTenant: database.withTenant,
      ingest: archive.ingest,
      stores: archive.stores,
      reader,
      firstLooks,
      metadata: seriesMetadata,
      pixels,
      audit,
    });
    const live = createLiveHub();
    const source = startLiveSource({ database, hub: live, log: log.child({ component: 'live' }) });
    shutdown.add('live source', () => source.stop());
    metrics.gauge({
      name: 'archwire_live_clients',
      help: 'Open pages that listen for changes',
      collect: () => live.count(),
    });
    const app = await createHttpApp({
      live,
      log: log.child({ component: 'http' }),
      metrics,
      authenticator: accounts.authenticator,
      routes: [
        ...accountsRoutes(accounts),
        ...devicesRoutes({
          devices,
          refusals: createRefusalList({ database }),
          echo: createDeviceEcho({
            database,
            echo: createEcho({ callingAe: config.aeTitle, tls: scuTls }),
          }),
          capabilities: createDeviceCapabilities({
            database,
            capabilities: createCapabilities({ callingAe: config.aeTitle, tls: scuTls }),
          }),
          receiver: receiverOf(config, dimse),
        }),
        ...operations.routes,
        ...auditRoutes(createAuditService({ database })),
        ...setupRoutes(
          createSetupService({
            database,
            admission,
            aeTitle: config.aeTitle,
            loop: loopOf(config, dimse),
          }),
        ),
        ...groupRoutes(createGroupService({ database, forget: forgetPlaces })),
        ...imagingRoutes({ withTenant: database.withTenant, stores: archive.stores, pixels }),
        ...importsRoutes(imports.service),
        ...exports.routes,
        ...ordersRoutes({
          orders: createOrderService(database),
          worklist: createWorklistPreview(database),
        }),
        ...recompressionRoutes(createRecompressionService({ database })),
        ...patientsRoutes({ withTenant: database.withTenant, audit }),
        ...viewsRoutes({ withTenant: database.withTenant, enqueue }),
        ...studiesRoutes({
          withTenant: database.withTenant,
          audit,
          receiver: dimse === null ? null : { aeTitle: config.aeTitle, port: dimse.port },
        }),
      ],
      health,
      dicomweb,
      pictures: {
        pictures: createPictureLookup({ withTenant: database.withTenant }),
        stores: archive.stores,
        audit,
      },
      doors: exports.doors,
      viewerFolder: VIEWER,
      webFolder: WEB,
      publicUrl: config.publicUrl,
      trustProxy: config.trustProxy,
    });
    const server = await startHttpServer({
      handler: app.callback(),
      host: config.bind,
      port: config.httpPort,
    });
    shutdown.add('http', () => server.stop());
    // Streams would otherwise hold the server's stop until it cuts them.
    shutdown.add('live', async () => live.close());
    httpPort = server.port;
  }
  // Last: whoever is told here that this process is ready sends it work.
  if (config.node.port !== null) {
    const door = await startHttpServer({
      handler: createNodeDoor({ share: archive.share, health, metrics, log }).callback(),
      host: config.bind,
      port: config.node.port,
    });
    shutdown.add('node door', () => door.stop());
  }
  return {
    firstAdministrator,
    httpPort,
    dimsePort: dimse?.port ?? null,
    dimseTlsPort: dimse?.tlsPort ?? null,
  };
};
