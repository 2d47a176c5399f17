import { AppError, type Principal, requirePermission } from '@archwire/contracts';
import { appendAudit, appendOutbox, type WithTenant } from '@archwire/database';

/** Instances that one event names. */
const EVENT_INSTANCES = 500;

/**
 * Has the pictures of all images of a study made again, whatever they were made by. Until they are there the old ones are
 * shown. Answers how many images it are.
 * @throws AppError `forbidden`; `not-found`.
 */
export const rebuildDerivatives = async (
  withTenant: WithTenant,
  principal: Principal,
  studyId: string,
): Promise<{ readonly instances: number }> => {
  requirePermission(principal, 'imaging.conflict.write');
  return await withTenant(principal.tenantId, async (trx) => {
    const { rows }: { rows: { study_uid: string; series_id: string | null; ids: string[] | null }[] } =
      await trx.raw(
        `select s.study_uid, e.id as series_id,
                (select array_agg(i.id::text order by i.id) from instance i
                  where i.tenant_id = e.tenant_id and i.series_id = e.id) as ids
           from study s left join series e on e.tenant_id = s.tenant_id and e.study_id = s.id
          where s.id = ?`,
        [studyId],
      );
    const [study] = rows;
    if (study === undefined) throw new AppError('not-found', 'There is no such study in your group.');
    let instances = 0;
    for (const { series_id: seriesId, ids } of rows) {
      if (seriesId === null || ids === null) continue;
      await trx.raw('update derivative set rebuild_at = now() where instance_id = any(?::bigint[])', [ids]);
      for (let from = 0; from < ids.length; from += EVENT_INSTANCES)
        await appendOutbox(trx, 'derivatives.rebuild', {
          seriesId,
          instanceIds: ids.slice(from, from + EVENT_INSTANCES),
        });
      instances += ids.length;
    }
    await appendAudit(trx, {
      action: 'imaging.pictures.rebuilt',
      entity: 'study',
      entityId: studyId,
      studyUid: study.study_uid,
      after: { instances },
      actorKind: principal.kind,
      actorId: principal.id,
      outcome: 'success',
      address: principal.address,
      userAgent: principal.userAgent?.slice(0, 300) ?? null,
      requestId: principal.requestId,
    });
    return { instances };
  });
};
