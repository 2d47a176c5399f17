import {
  AppError,
  type EnqueueJob,
  type JobPayload,
  type Principal,
  requirePermission,
} from '@archwire/contracts';
import { appendAudit, type WithTenant } from '@archwire/database';
import { imageView } from '@archwire/dicom';
import { findInstancesById } from '../retrieve/find-instances.ts';
import type { InstanceReader } from '../retrieve/instance-reader.ts';
import type { StoredInstance } from '../retrieve/stored-instance.ts';
import { inParallel } from '../derive/in-parallel.ts';
import type { Transaction } from '../query/transaction.ts';
import { classifyImage } from './classify-image.ts';
import { findImages, type FoundImage } from './find-images.ts';
import { indexedRead } from './indexed-read.ts';
import { NO_VOLUME } from './recent-images.ts';
import { readViewRules } from './read-view-rules.ts';
import { type ReadImage, writeClassifications } from './write-classifications.ts';

/** How far applying the rules to earlier images is. */
export interface RuleRun {
  readonly runId: string;
  readonly state: 'queued' | 'running' | 'done';
  readonly looked: number;
  readonly changed: number;
  readonly startedAt: string;
  readonly endedAt: string | null;
}

interface Row {
  readonly id: string;
  readonly device_id: string | null;
  readonly state: RuleRun['state'];
  readonly after_study: string | null;
  readonly looked: number;
  readonly changed: number;
  readonly started_at: Date;
  readonly ended_at: Date | null;
}

/** Studies of one step, whose transaction is short; heads that are read at once. */
const STEP = 25;
const HEADS = 4;

const present = (row: Row): RuleRun => ({
  runId: row.id,
  state: row.state,
  looked: row.looked,
  changed: row.changed,
  startedAt: row.started_at.toISOString(),
  endedAt: row.ended_at?.toISOString() ?? null,
});

/** The last runs, newest first. @throws AppError `forbidden`. */
export const listRuleRuns = async (
  withTenant: WithTenant,
  principal: Principal,
): Promise<readonly RuleRun[]> => {
  requirePermission(principal, 'imaging.rule.write');
  return await withTenant(principal.tenantId, async (trx) =>
    (await trx<Row>('view_rule_run').orderBy('id', 'desc').limit(5).select()).map(present),
  );
};

/**
 * Has the rules applied to images that are here already: those of one rule's device, or all.
 * @throws AppError `forbidden`; `not-found` when there is no such rule.
 */
export const startRuleRun = async (
  deps: { readonly withTenant: WithTenant; readonly enqueue: EnqueueJob },
  principal: Principal,
  ruleId: string | null,
): Promise<RuleRun> => {
  requirePermission(principal, 'imaging.rule.write');
  const run = await deps.withTenant(principal.tenantId, async (trx) => {
    const rule = (await readViewRules(trx)).find(({ id }) => id === ruleId);
    if (ruleId !== null && rule === undefined)
      throw new AppError('not-found', 'There is no such rule. Reload the list.');
    const [made] = await trx('view_rule_run')
      .insert({ tenant_id: principal.tenantId, device_id: rule?.conditions.deviceId ?? null })
      .returning<Row[]>('*');
    if (made === undefined) throw new AppError('internal', 'The run was not made.');
    await appendAudit(trx, {
      action: 'imaging.rule.apply',
      entity: 'view-rule',
      ...(ruleId === null ? {} : { entityId: ruleId }),
      actorKind: principal.kind,
      actorId: principal.id,
      outcome: 'success',
      address: principal.address,
      userAgent: principal.userAgent?.slice(0, 300) ?? null,
      requestId: principal.requestId,
    });
    return made;
  });
  await deps.enqueue(
    'apply-view-rules',
    { tenantId: principal.tenantId, runId: run.id },
    { jobId: `apply-view-rules-${run.id}` },
  );
  return present(run);
};

const nextStudies = async (trx: Transaction, run: Row): Promise<readonly string[]> => {
  const after = run.after_study ?? '00000000-0000-0000-0000-000000000000';
  const { rows }: { rows: { id: string }[] } =
    run.device_id === null
      ? await trx.raw('select id from study where id > ? order by id limit ?', [after, STEP])
      : await trx.raw(
          'select study_id as id from study_device where device_id = ? and study_id > ? order by study_id limit ?',
          [run.device_id, after, STEP],
        );
  return rows.map(({ id }) => id);
};

const imagesOf = async (
  trx: Transaction,
  run: Row,
  studies: readonly string[],
): Promise<readonly FoundImage[]> => {
  const { rows }: { rows: { id: string }[] } = await trx.raw(
    `select i.id::text as id from unnest(?::uuid[]) k(id)
      cross join lateral (select * from series n where n.study_id = k.id offset 0) e
      cross join lateral (select n.id, n.device_id from instance n where n.series_id = e.id offset 0) i
      where ${NO_VOLUME} ${run.device_id === null ? '' : 'and i.device_id = ?'}`,
    run.device_id === null ? [[...studies]] : [[...studies], run.device_id],
  );
  return await findImages(
    trx,
    rows.map(({ id }) => id),
  );
};

const differs = ({ shown }: FoundImage, counts: ReturnType<typeof classifyImage>): boolean =>
  shown === null ||
  shown.view !== counts.view ||
  shown.laterality !== counts.laterality ||
  shown.viewKey !== counts.viewKey ||
  shown.origin !== counts.origin ||
  shown.ruleId !== counts.ruleId ||
  shown.teeth.join() !== counts.teeth.join();

/** Whether a person sees something else than before; how it is known does not matter. */
const showsOther = (image: FoundImage | undefined, counts: ReturnType<typeof classifyImage>): boolean => {
  if (image === undefined) return false;
  const before = image.shown ?? indexedRead(image.traits);
  return (
    before.view !== counts.view ||
    before.laterality !== counts.laterality ||
    before.teeth.join() !== counts.teeth.join()
  );
};

/** What the job does: study by study, each step kept, so that a restart goes on where it was. */
export const createRuleRunner = ({
  withTenant,
  reader,
}: {
  readonly withTenant: WithTenant;
  readonly reader: Pick<InstanceReader, 'head'>;
}): { readonly apply: (job: JobPayload<'apply-view-rules'>) => Promise<void> } => {
  /** Images whose head nobody has read since its view is kept; one that cannot be read stays as the index knows it. */
  const readHeads = async (instances: readonly StoredInstance[]): Promise<readonly ReadImage[]> => {
    const read: ReadImage[] = [];
    await inParallel(instances, HEADS, async (instance) => {
      try {
        read.push({ instance, shown: imageView(await reader.head(instance)) });
      } catch (error) {
        if (!(error instanceof AppError) || error.kind === 'unavailable') throw error;
      }
    });
    return read;
  };

  const step = async (tenantId: string, runId: string): Promise<boolean> => {
    const unread = await withTenant(tenantId, async (trx) => {
      const run = await trx<Row>('view_rule_run').where({ id: runId }).first();
      if (run === undefined || run.state === 'done') return [];
      const images = await imagesOf(trx, run, await nextStudies(trx, run));
      return await findInstancesById(
        trx,
        images.filter(({ read }) => read === null).map(({ instanceId }) => instanceId),
      );
    });
    const heads = await readHeads(unread);
    return await withTenant(tenantId, async (trx) => {
      const run = await trx<Row>('view_rule_run').where({ id: runId }).forUpdate().first();
      if (run === undefined || run.state === 'done') return false;
      const studies = await nextStudies(trx, run);
      if (studies.length === 0) {
        await trx('view_rule_run').where({ id: runId }).update({ state: 'done', ended_at: trx.fn.now() });
        return false;
      }
      const before = new Map((await imagesOf(trx, run, studies)).map((image) => [image.instanceId, image]));
      await writeClassifications(trx, heads);
      const rules = await readViewRules(trx);
      const judged = (await findImages(trx, [...before.keys()])).flatMap((image) => {
        const { instanceId, read, shown, traits } = image;
        if (shown?.origin === 'person' || read === null) return [];
        return [{ image, counts: { id: instanceId, ...classifyImage(read, traits, rules) } }];
      });
      const changes = judged.flatMap(({ image, counts }) => (differs(image, counts) ? [counts] : []));
      const changed = judged.filter(({ counts }) => showsOther(before.get(counts.id), counts)).length;
      if (changes.length > 0)
        await trx.raw(
          `update instance_view v set view = r.view, laterality = r.laterality, view_key = r."viewKey", origin = r.origin,
                  rule_id = r."ruleId", teeth = array(select jsonb_array_elements_text(r.teeth))
             from jsonb_to_recordset(?::jsonb)
               as r(id bigint, view text, teeth jsonb, laterality text, "viewKey" text, origin text, "ruleId" uuid)
            where v.instance_id = r.id and v.origin is distinct from 'person'`,
          [JSON.stringify(changes)],
        );
      await trx('view_rule_run')
        .where({ id: runId })
        .update({
          state: 'running',
          after_study: studies.at(-1),
          looked: run.looked + before.size,
          changed: run.changed + changed,
        });
      return true;
    });
  };

  return {
    apply: async ({ tenantId, runId }) => {
      while (await step(tenantId, runId));
    },
  };
};
