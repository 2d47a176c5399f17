import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Archive } from '@archwire/archive';
import type { Database } from '@archwire/database';
import {
  createAlertLetters,
  createAlertService,
  createAssociationRecorder,
  createFailedJobService,
  createInstallationWatch,
  createOperationsService,
  type EndedAssociation,
  operationsRoutes,
  type Route,
} from '@archwire/practice-server';
import type { Config, Logger, Queues } from '@archwire/runtime';
import { createReadiness, type HealthCheck } from '../http/health.ts';
import { findCertificateEnd, findFailedJobs } from './find-problems.ts';
import { nodeFigures } from './node-figures.ts';
import { ownVersions } from './own-versions.ts';

interface Deps {
  readonly config: Config;
  readonly database: Database;
  readonly queues: Queues;
  readonly archive: Archive;
  readonly health: readonly HealthCheck[];
  /** PEM text of the certificate that devices see; `null` without TLS. */
  readonly certificate: string | null;
  readonly log: Logger;
}

export interface Operations {
  readonly routes: readonly Route[];
  /** Told of every association that ended. */
  readonly onEnd: (ended: EndedAssociation) => void;
  stop(): Promise<void>;
}

/** Makes this process say how it is, watch over the installation, and answer the operations page. */
export const startOperations = async (deps: Deps): Promise<Operations> => {
  const { config, database, queues, archive, health, certificate } = deps;
  const log = deps.log.child({ component: 'operations' });
  const startedAt = new Date();
  const { app, viewer } = await ownVersions();
  const name = archive.node;
  const readiness = createReadiness(health);

  const associations = createAssociationRecorder({ database, node: name });
  const stopAssociations = associations.start((err) => log.warn({ err }, 'associations not written yet'));
  const watch = createInstallationWatch({
    database,
    node: { id: randomUUID(), name, services: [...config.services], version: app, startedAt },
    figures: nodeFigures({
      dataDir: config.dataDir,
      journalFolder: path.join(config.dataDir, 'journal'),
      headroomBytes: config.diskHeadroomBytes,
      archive,
      readiness,
    }),
    findings: async () => [
      ...findFailedJobs(await queues.failed().catch(() => [])),
      ...findCertificateEnd(certificate, new Date()),
    ],
    ...(config.mail === null || config.publicUrl === null
      ? {}
      : { onEvaluated: async () => await createAlertLetters({ database }).write() }),
  });
  const stopWatch = watch.start((err) => log.warn({ err }, 'the state of this process is not written yet'));

  return {
    routes: operationsRoutes({
      operations: createOperationsService({
        database,
        jobs: queues,
        parts: async () =>
          Object.entries((await readiness()).parts).map(([part, state]) => ({
            name: part,
            reason: state === 'ok' ? null : state.reason,
          })),
        versions: {
          app,
          node: process.versions.node,
          viewer,
          queue: config.redisUrl === null ? 'postgres' : 'redis',
        },
        startedAt,
      }),
      failedJobs: createFailedJobService({ database, jobs: queues }),
      alerts: createAlertService({ database }),
    }),
    onEnd: (ended) => associations.record(ended),
    stop: async () => {
      await stopWatch();
      await stopAssociations();
    },
  };
};
