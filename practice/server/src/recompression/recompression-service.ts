import { planRepack, readRecompression, readStudyRecompression } from '@archwire/archive';
import { AppError, type Principal, requirePermission } from '@archwire/contracts';
import type { EndpointRequest, EndpointResponse } from '@archwire/contracts/api';
import type { recompressionApi } from '@archwire/contracts/api/recompression';
import { appendAudit, type Database } from '@archwire/database';
import type { Knex } from 'knex';

type Answer<Name extends keyof typeof recompressionApi> = EndpointResponse<(typeof recompressionApi)[Name]>;

export interface RecompressionService {
  report(principal: Principal): Promise<Answer<'report'>>;
  /** With `includeStored` what lies here already is recompressed too, series by series. Nothing is restored by `off`. */
  change(
    principal: Principal,
    change: EndpointRequest<typeof recompressionApi.change>['body'],
  ): Promise<Answer<'change'>>;
  /** @throws AppError `not-found` */
  study(principal: Principal, studyId: string): Promise<Answer<'study'>>;
  /** Plans that the originals of a study lie as they were received again. @throws AppError `not-found` */
  restore(principal: Principal, studyId: string): Promise<Answer<'restore'>>;
}

const audit = async (
  trx: Knex.Transaction,
  principal: Principal,
  event: {
    readonly action: string;
    readonly entity: 'tenant' | 'study';
    readonly entityId: string;
    readonly studyUid?: string;
    readonly after?: Readonly<Record<string, string | boolean>>;
  },
): Promise<void> => {
  await appendAudit(trx, {
    ...event,
    actorKind: principal.kind,
    actorId: principal.id,
    outcome: 'success',
    address: principal.address,
    userAgent: principal.userAgent?.slice(0, 300) ?? null,
    requestId: principal.requestId,
  });
};

const studyUidOf = async (trx: Knex.Transaction, studyId: string): Promise<string> => {
  const { rows }: { rows: { study_uid: string }[] } = await trx.raw(
    'select study_uid from study where id = ?',
    [studyId],
  );
  const [row] = rows;
  if (row === undefined) throw new AppError('not-found', 'There is no such study in your group.');
  return row.study_uid;
};

/** When originals are recompressed, and what that saves; whoever looks after the archive decides. */
export const createRecompressionService = ({
  database,
}: {
  readonly database: Pick<Database, 'withTenant'>;
}): RecompressionService => ({
  report: async (principal) => {
    requirePermission(principal, 'operations.health.read');
    return await database.withTenant(principal.tenantId, readRecompression);
  },

  change: async (principal, { policy, includeStored = false }) => {
    requirePermission(principal, 'operations.health.write');
    return await database.withTenant(principal.tenantId, async (trx) => {
      await trx('tenant').where({ id: principal.tenantId }).update({ recompression: policy });
      // Plans to recompress are no longer wanted; plans to restore are.
      if (policy === 'off')
        await trx('series').where({ repack: 'recompress' }).update({ repack: null, repack_at: null });
      else if (includeStored)
        await trx('series')
          .whereNull('repack')
          .update({ repack: 'recompress', repack_at: trx.raw('clock_timestamp()') });
      const report = await readRecompression(trx);
      await audit(trx, principal, {
        action: 'imaging.recompression.change',
        entity: 'tenant',
        entityId: principal.tenantId,
        after: { policy, includeStored },
      });
      return report;
    });
  },

  study: async (principal, studyId) => {
    requirePermission(principal, 'imaging.study.read');
    return await database.withTenant(principal.tenantId, async (trx) => {
      await studyUidOf(trx, studyId);
      return await readStudyRecompression(trx, studyId);
    });
  },

  restore: async (principal, studyId) => {
    requirePermission(principal, 'operations.health.write');
    return await database.withTenant(principal.tenantId, async (trx) => {
      const studyUid = await studyUidOf(trx, studyId);
      const series = await trx('series').where({ study_id: studyId }).select<{ id: string }[]>('id');
      for (const { id } of series) await planRepack(trx, id, 'restore', 0);
      const report = await readStudyRecompression(trx, studyId);
      await audit(trx, principal, {
        action: 'imaging.recompression.restore',
        entity: 'study',
        entityId: studyId,
        studyUid,
      });
      return report;
    });
  },
});
