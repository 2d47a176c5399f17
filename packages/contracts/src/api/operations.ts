import { z } from 'zod';
import { fullEndpoint } from './endpoint.ts';

const Instant = z.iso.datetime();
const READ = 'operations.health.read';
const WRITE = 'operations.health.write';

const Storage = z.array(
  z.object({
    /** `original`, `derivative`, `metadata` or `conflict`. */
    kind: z.string(),
    objects: z.int(),
    bytes: z.int(),
  }),
);
const Outbox = z.object({ waiting: z.int(), oldestAt: Instant.nullable() });

/** One process of the installation, as it last said of itself. */
export const ServiceNode = z.object({
  id: z.uuid(),
  name: z.string(),
  services: z.array(z.string()),
  version: z.string(),
  startedAt: Instant,
  seenAt: Instant,
  /** It said so within the last 45 seconds. */
  alive: z.boolean(),
  memoryBytes: z.int(),
  disk: z.object({ totalBytes: z.int(), freeBytes: z.int(), headroomBytes: z.int() }).nullable(),
  journal: z.object({
    bytes: z.int(),
    files: z.int(),
    /** Ranges that are not settled yet. */
    unsettled: z.int(),
    /** Durable, and not in the index yet. */
    unindexed: z.int(),
  }),
});

export const Overview = z.object({
  /** What this server cannot work without; `reason` when it is not well. */
  parts: z.array(z.object({ name: z.string(), reason: z.string().nullable() })),
  versions: z.object({
    app: z.string(),
    node: z.string(),
    postgres: z.string(),
    schema: z.string(),
    viewer: z.string().nullable(),
    queue: z.enum(['postgres', 'redis']),
  }),
  startedAt: Instant,
  /** Of your group. */
  storage: Storage,
  outbox: Outbox,
  /** When the oldest image arrived that still waits to be settled. */
  unsettledSince: Instant.nullable(),
  openAlerts: z.int(),
  /** Of the whole installation; only for the group that runs it, which is the first. Other groups have no names here. */
  installation: z
    .object({
      groups: z.int(),
      storage: Storage,
      outbox: Outbox,
      queues: z
        .array(
          z.object({
            name: z.string(),
            waiting: z.int(),
            active: z.int(),
            delayed: z.int(),
            failed: z.int(),
          }),
        )
        .nullable(),
      nodes: z.array(ServiceNode),
    })
    .nullable(),
});

export const ThroughputQuery = z.strictObject({ hours: z.coerce.number().int().min(1).max(168).default(6) });
export const Throughput = z.object({
  from: Instant,
  to: Instant,
  /** Length of one point. */
  minutes: z.int(),
  points: z.array(z.object({ instances: z.int(), bytes: z.int() })),
});

export const AssociationsQuery = z.strictObject({ before: z.uuid().optional() });
export const Associations = z.object({
  associations: z.array(
    z.object({
      id: z.uuid(),
      callingAe: z.string(),
      calledAe: z.string(),
      address: z.string(),
      deviceId: z.uuid().nullable(),
      deviceName: z.string().nullable(),
      startedAt: Instant,
      durationMs: z.int(),
      objects: z.int(),
      bytes: z.int(),
      failures: z.int(),
      outcome: z.string(),
    }),
  ),
  next: z.uuid().nullable(),
});

export const FailedJobs = z.object({
  jobs: z.array(
    z.object({
      queue: z.string(),
      id: z.string(),
      /** `false`: of another group; you see that it is there, and why it failed. */
      own: z.boolean(),
      reason: z.string(),
      attempts: z.int(),
      failedAt: Instant.nullable(),
      seriesId: z.uuid().nullable(),
      studyId: z.uuid().nullable(),
      instances: z.int().nullable(),
    }),
  ),
});
export const JobParams = z.strictObject({ queue: z.string(), id: z.string().max(200) });
export const ManyDone = z.object({ count: z.int() });

export const Alert = z.object({
  id: z.uuid(),
  /** What is the matter: `disk-low`, `part-down`, `failed-jobs`, `device-silent`, … */
  kind: z.string(),
  severity: z.enum(['warning', 'critical']),
  /** Figures and names of devices and processes, by kind. */
  details: z.record(z.string(), z.unknown()),
  subject: z.string(),
  raisedAt: Instant,
  clearedAt: Instant.nullable(),
  acknowledgedAt: Instant.nullable(),
  acknowledgedBy: z.string().nullable(),
});
export const Alerts = z.object({ open: z.array(Alert), cleared: z.array(Alert) });

export const IdParams = z.strictObject({ id: z.uuid() });
export const Silence = z.strictObject({
  /** Hours of silence that are fine; `null` learns them from the days on which the device sent. */
  hours: z.int().min(1).max(8760).nullable(),
});

/** How the archive is, for whoever runs it. */
export const operationsApi = {
  overview: fullEndpoint({
    method: 'get',
    path: '/operations',
    summary:
      'How the archive is: parts, versions, what lies in the stores; for the group that runs it also queues and processes.',
    permission: READ,
    response: Overview,
  }),
  throughput: fullEndpoint({
    method: 'get',
    path: '/operations/throughput',
    summary: 'What your group received, in equal steps up to now.',
    permission: READ,
    query: ThroughputQuery,
    response: Throughput,
  }),
  associations: fullEndpoint({
    method: 'get',
    path: '/operations/associations',
    summary: 'The DICOM associations of your group that ended, newest first.',
    permission: READ,
    query: AssociationsQuery,
    response: Associations,
  }),
  failedJobs: fullEndpoint({
    method: 'get',
    path: '/operations/failed-jobs',
    summary: 'Jobs that were given up, newest first, with the reason.',
    permission: READ,
    response: FailedJobs,
  }),
  retryJob: fullEndpoint({
    method: 'post',
    path: '/operations/failed-jobs/:queue/:id/retry',
    summary: 'Let a job that was given up start over.',
    permission: WRITE,
    params: JobParams,
  }),
  retryJobs: fullEndpoint({
    method: 'post',
    path: '/operations/failed-jobs/retry',
    summary: 'Let all jobs that were given up start over.',
    permission: WRITE,
    response: ManyDone,
  }),
  discardJob: fullEndpoint({
    method: 'delete',
    path: '/operations/failed-jobs/:queue/:id',
    summary: 'Forget a job that was given up. No image is lost by it.',
    permission: WRITE,
    params: JobParams,
  }),
  alerts: fullEndpoint({
    method: 'get',
    path: '/operations/alerts',
    summary: 'What is the matter now, and what was within the last seven days.',
    permission: READ,
    response: Alerts,
  }),
  acknowledgeAlert: fullEndpoint({
    method: 'post',
    path: '/operations/alerts/:id/acknowledge',
    summary: 'Say that this is known; it stays open until its cause is gone.',
    permission: WRITE,
    params: IdParams,
  }),
  setSilence: fullEndpoint({
    method: 'put',
    path: '/operations/devices/:id/silence',
    summary: 'Say how long a device may be silent before that is an alert.',
    permission: WRITE,
    params: IdParams,
    body: Silence,
  }),
} as const;
