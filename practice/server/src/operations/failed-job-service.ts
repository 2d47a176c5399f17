import { AppError, isJobName, type JobName, type Principal, requirePermission } from '@archwire/contracts';
import type { EndpointResponse } from '@archwire/contracts/api';
import type { operationsApi } from '@archwire/contracts/api/operations';
import type { Database } from '@archwire/database';
import { z } from 'zod';
import { actorOf, auditAccount } from '../accounts/audit-entry.ts';
import { firstTenantId } from '../accounts/first-administrator.ts';
import type { JobDesk } from './job-desk.ts';

type FailedJobs = EndpointResponse<typeof operationsApi.failedJobs>;

/** Jobs that were given up. A group sees and handles its own; the one that runs the installation also those of others, without ids. */
export interface FailedJobService {
  list(principal: Principal): Promise<FailedJobs>;
  /** @throws AppError `not-found` */
  retry(principal: Principal, queue: string, id: string): Promise<void>;
  /** Answers how many start over. */
  retryAll(principal: Principal): Promise<number>;
  /** @throws AppError `not-found` */
  discard(principal: Principal, queue: string, id: string): Promise<void>;
}

const Payload = z.object({
  tenantId: z.string().optional(),
  seriesId: z.uuid().optional(),
  instanceIds: z.array(z.string()).optional(),
});
const SHOWN = 200;

export const createFailedJobService = (deps: {
  readonly database: Pick<Database, 'knex' | 'withTenant'>;
  readonly jobs: JobDesk;
}): FailedJobService => {
  const { database, jobs } = deps;

  const visible = async (principal: Principal) => {
    const operator = (await firstTenantId(database)) === principal.tenantId;
    return (await jobs.failed())
      .map((job) => ({ ...job, ids: Payload.safeParse(job.payload).data ?? {} }))
      .filter(({ ids }) => operator || ids.tenantId === principal.tenantId);
  };

  const studiesOf = async (
    tenantId: string,
    seriesIds: readonly string[],
  ): Promise<ReadonlyMap<string, string>> => {
    if (seriesIds.length === 0) return new Map();
    const rows = await database.withTenant(
      tenantId,
      async (trx) =>
        (
          await trx.raw<{ rows: { id: string; study_id: string }[] }>(
            'select id, study_id from series where id = any(?::uuid[])',
            [[...seriesIds]],
          )
        ).rows,
    );
    return new Map(rows.map((row) => [row.id, row.study_id]));
  };

  /** The job, when this person may see it. */
  const find = async (principal: Principal, queue: string, id: string): Promise<JobName> => {
    const found = (await visible(principal)).find((job) => job.name === queue && job.id === id);
    if (found === undefined || !isJobName(queue)) {
      throw new AppError('not-found', 'This job is not among the failed ones any more.');
    }
    return queue;
  };

  const audit = async (
    principal: Principal,
    action: string,
    changed: Record<string, string>,
  ): Promise<void> =>
    await database.withTenant(principal.tenantId, async (trx) => {
      await auditAccount(trx, actorOf(principal), {
        action,
        entity: 'tenant',
        entityId: principal.tenantId,
        changed,
      });
    });

  return {
    list: async (principal) => {
      requirePermission(principal, 'operations.health.read');
      const shown = (await visible(principal)).slice(0, SHOWN);
      const own = shown.filter(({ ids }) => ids.tenantId === principal.tenantId);
      const studies = await studiesOf(
        principal.tenantId,
        own.flatMap(({ ids }) => ids.seriesId ?? []),
      );
      return {
        jobs: shown.map(({ name, id, ids, reason, attempts, failedAt }) => {
          const isOwn = ids.tenantId === principal.tenantId;
          const seriesId = isOwn ? (ids.seriesId ?? null) : null;
          return {
            queue: name,
            id,
            own: isOwn,
            reason,
            attempts,
            failedAt: failedAt?.toISOString() ?? null,
            seriesId,
            studyId: seriesId === null ? null : (studies.get(seriesId) ?? null),
            instances: ids.instanceIds?.length ?? null,
          };
        }),
      };
    },

    retry: async (principal, queue, id) => {
      requirePermission(principal, 'operations.health.write');
      const name = await find(principal, queue, id);
      await audit(principal, 'job.retry', { queue, job: id });
      await jobs.retryFailed(name, id);
    },

    retryAll: async (principal) => {
      requirePermission(principal, 'operations.health.write');
      const all = await visible(principal);
      await audit(principal, 'job.retry', { jobs: String(all.length) });
      let count = 0;
      for (const { name, id } of all) {
        try {
          await jobs.retryFailed(name, id);
          count += 1;
        } catch (error) {
          // Somebody else was quicker.
          if (!(error instanceof AppError) || error.kind !== 'not-found') throw error;
        }
      }
      return count;
    },

    discard: async (principal, queue, id) => {
      requirePermission(principal, 'operations.health.write');
      const name = await find(principal, queue, id);
      await audit(principal, 'job.discard', { queue, job: id });
      await jobs.discardFailed(name, id);
    },
  };
};
