import { type Principal, requirePermission } from '@archwire/contracts';
import type { EndpointResponse } from '@archwire/contracts/api';
import type { operationsApi } from '@archwire/contracts/api/operations';
import type { Database } from '@archwire/database';
import type { JobDesk } from './job-desk.ts';
import { readOverview } from './read-overview.ts';

type Answer<Name extends keyof typeof operationsApi> = EndpointResponse<(typeof operationsApi)[Name]>;

/** Versions that only the process itself knows. */
export interface OwnVersions {
  readonly app: string;
  readonly node: string;
  readonly viewer: string | null;
  readonly queue: 'postgres' | 'redis';
}

export interface OperationsService {
  overview(principal: Principal): Promise<Answer<'overview'>>;
  throughput(principal: Principal, hours: number): Promise<Answer<'throughput'>>;
  /** Newest first; `before` is `next` of the page before. */
  associations(principal: Principal, before: string | undefined): Promise<Answer<'associations'>>;
}

interface Deps {
  readonly database: Pick<Database, 'withTenant'>;
  readonly jobs: Pick<JobDesk, 'counts'>;
  /** What this server cannot work without; the reason when a part is not well. */
  readonly parts: () => Promise<readonly { readonly name: string; readonly reason: string | null }[]>;
  readonly versions: OwnVersions;
  readonly startedAt: Date;
  readonly now?: () => Date;
}

const PAGE = 50;
/** A sparkline has so many points at most. */
const POINTS = 120;
const MINUTE_MS = 60_000;

/** The lengths of a point that make whole hours. */
const stepOf = (hours: number): number =>
  [1, 2, 3, 5, 10, 15, 30, 60, 120].find((minutes) => (hours * 60) / minutes <= POINTS) ?? 120;

const THROUGHPUT = `
  select extract(epoch from minute)::bigint as at, sum(instances)::bigint as instances, sum(bytes)::bigint as bytes from (
    select minute, instances, bytes from throughput_minute where minute >= :from and minute < :to
    union all
    select date_trunc('minute', at), objects, bytes from storage_change
     where kind = 'original' and objects > 0 and at >= :from and at < :to) k
   group by minute`;

const ASSOCIATIONS = `
  select a.id, a.calling_ae as "callingAe", a.called_ae as "calledAe", a.address, a.device_id as "deviceId",
         d.name as "deviceName", a.started_at as "startedAt", a.duration_ms as "durationMs", a.objects, a.bytes,
         a.failures, a.outcome
    from association_log a
    left join device d on d.tenant_id = a.tenant_id and d.id = a.device_id
   where a.id < :before order by a.id desc limit :limit`;
const NEWEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** The figures of the operations page. Every method throws AppError `forbidden` without its permission. */
export const createOperationsService = (deps: Deps): OperationsService => {
  const { withTenant } = deps.database;
  const now = deps.now ?? (() => new Date());
  return {
    overview: async (principal) => {
      requirePermission(principal, 'operations.health.read');
      const [parts, { postgres, schema, installation, ...own }] = await Promise.all([
        deps.parts(),
        readOverview(withTenant, principal.tenantId),
      ]);
      return {
        parts: [...parts],
        versions: { ...deps.versions, postgres, schema },
        startedAt: deps.startedAt.toISOString(),
        ...own,
        installation:
          installation === null
            ? null
            : {
                ...installation,
                // The page must be there when the queue is what is down.
                queues: await deps.jobs.counts().then(
                  (counts) => Object.entries(counts).map(([name, figures]) => ({ name, ...figures })),
                  () => null,
                ),
              },
      };
    },

    throughput: async (principal, hours) => {
      requirePermission(principal, 'operations.health.read');
      const minutes = stepOf(hours);
      const step = minutes * MINUTE_MS;
      const to = Math.ceil(now().getTime() / step) * step;
      const count = Math.ceil((hours * 60) / minutes);
      const from = to - count * step;
      const points = Array.from({ length: count }, () => ({ instances: 0, bytes: 0 }));
      const rows = await withTenant(
        principal.tenantId,
        async (trx) =>
          (
            await trx.raw<{ rows: { at: number; instances: number; bytes: number }[] }>(THROUGHPUT, {
              from: new Date(from),
              to: new Date(to),
            })
          ).rows,
      );
      for (const { at, instances, bytes } of rows) {
        const point = points[Math.floor((at * 1000 - from) / step)];
        if (point === undefined) continue;
        point.instances += instances;
        point.bytes += bytes;
      }
      return { from: new Date(from).toISOString(), to: new Date(to).toISOString(), minutes, points };
    },

    associations: async (principal, before) => {
      requirePermission(principal, 'operations.health.read');
      type Row = Omit<Answer<'associations'>['associations'][number], 'startedAt'> & { startedAt: Date };
      const rows = await withTenant(
        principal.tenantId,
        async (trx) =>
          (await trx.raw<{ rows: Row[] }>(ASSOCIATIONS, { before: before ?? NEWEST, limit: PAGE + 1 })).rows,
      );
      const page = rows.slice(0, PAGE);
      return {
        associations: page.map((row) => ({ ...row, startedAt: row.startedAt.toISOString() })),
        next: rows.length > PAGE ? (page.at(-1)?.id ?? null) : null,
      };
    },
  };
};
