import {
  AppError,
  type ImageLaterality,
  type ImageView,
  type Principal,
  requirePermission,
  TEETH,
  type ViewOrigin,
} from '@archwire/contracts';
import { announceLive, type WithTenant } from '@archwire/database';
import { auditReconcile } from '../reconcile/audit-reconcile.ts';
import type { Transaction } from '../query/transaction.ts';
import { indexedRead } from './indexed-read.ts';
import { type Classification, classifyImage } from './classify-image.ts';
import { findImages, type FoundImage } from './find-images.ts';
import { readViewRules } from './read-view-rules.ts';
import type { ViewRule } from './view-rule.ts';

/** What an image shows, and how that is known, as a page says it. */
export interface SaidView {
  readonly view: ImageView;
  /** ISO 3950 numbers. */
  readonly teeth: readonly string[];
  readonly laterality: ImageLaterality | null;
  /** `null`: noted before the origin was. */
  readonly origin: ViewOrigin | null;
  /** Of the rule that decided; `null` also when it is gone. */
  readonly ruleName: string | null;
}

export interface CorrectImage {
  readonly instanceId: string;
  readonly view: ImageView;
  readonly teeth: readonly string[];
  readonly laterality: ImageLaterality | null;
}

type Shown = Omit<Classification, 'origin'> & { readonly origin: ViewOrigin | null };

export const sayView = (shown: Shown, rules: readonly ViewRule[]): SaidView => ({
  view: shown.view,
  teeth: shown.teeth,
  laterality: shown.laterality,
  origin: shown.origin,
  ruleName: rules.find(({ id }) => id === shown.ruleId)?.name ?? null,
});

/** Locks the image, so that of two corrections at once the audit says what each of them found. */
const findImage = async (trx: Transaction, principal: Principal, instanceId: string): Promise<FoundImage> => {
  const { rows }: { rows: { match_state: string }[] } = await trx.raw(
    `select s.match_state from instance i join series e on e.id = i.series_id join study s on s.id = e.study_id
      where i.id = ?::bigint for no key update of i`,
    [instanceId],
  );
  const isHidden =
    rows[0]?.match_state === 'rejected' && !principal.permissions.has('imaging.reconcile.write');
  const [image] = rows.length === 0 || isHidden ? [] : await findImages(trx, [instanceId]);
  if (image === undefined)
    throw new AppError('not-found', 'There is no such image in your group. Reload the page.');
  return image;
};

const audited = ({ view, teeth, laterality, origin }: SaidView) => ({
  view,
  teeth: teeth.join(' '),
  laterality,
  origin,
});

const finish = async (
  trx: Transaction,
  principal: Principal,
  action: string,
  image: FoundImage,
  before: SaidView,
  after: SaidView,
): Promise<{ readonly before: SaidView; readonly after: SaidView }> => {
  await announceLive(trx, { kind: 'study.changed', studyId: image.studyId });
  await auditReconcile(trx, principal, {
    action,
    entity: 'instance',
    entityId: image.instanceId,
    studyUid: image.studyUid,
    before: audited(before),
    after: audited(after),
  });
  return { before, after };
};

/** As the index alone knows it, where nothing is noted. */
const shownOf = (image: FoundImage): Shown => image.shown ?? { ...indexedRead(image.traits), ruleId: null };

/**
 * A person says what an image shows. It holds whatever its codes and the rules say, also when its head is read again.
 * @throws AppError `forbidden`, `not-found`.
 */
export const correctImage = async (
  withTenant: WithTenant,
  principal: Principal,
  { instanceId, view, teeth, laterality }: CorrectImage,
): Promise<{ readonly before: SaidView; readonly after: SaidView }> => {
  requirePermission(principal, 'imaging.view.write');
  const ordered = TEETH.filter((tooth) => teeth.includes(tooth));
  return await withTenant(principal.tenantId, async (trx) => {
    const image = await findImage(trx, principal, instanceId);
    const rules = await readViewRules(trx);
    const before = shownOf(image);
    const viewKey = before.view === view ? before.viewKey : null;
    await trx.raw(
      `insert into instance_view (tenant_id, instance_id, view, teeth, laterality, view_key, origin)
       values (app_tenant(), ?::bigint, ?, ?::text[], ?, ?, 'person')
       on conflict (tenant_id, instance_id) do update set view = excluded.view, teeth = excluded.teeth,
         laterality = excluded.laterality, view_key = excluded.view_key, origin = 'person', rule_id = null`,
      [instanceId, view, ordered, laterality, viewKey],
    );
    const after: SaidView = { view, teeth: ordered, laterality, origin: 'person', ruleName: null };
    return await finish(trx, principal, 'imaging.image.classify', image, sayView(before, rules), after);
  });
};

/**
 * Takes a person's correction back: the image shows what its codes and the rules say.
 * @throws AppError `forbidden`, `not-found`.
 */
export const restoreImage = async (
  withTenant: WithTenant,
  principal: Principal,
  instanceId: string,
): Promise<{ readonly before: SaidView; readonly after: SaidView }> => {
  requirePermission(principal, 'imaging.view.write');
  return await withTenant(principal.tenantId, async (trx) => {
    const image = await findImage(trx, principal, instanceId);
    const rules = await readViewRules(trx);
    const before = shownOf(image);
    if (before.origin !== 'person') return { before: sayView(before, rules), after: sayView(before, rules) };
    const after = classifyImage(image.read ?? indexedRead(image.traits), image.traits, rules);
    if (image.read === null) await trx('instance_view').where({ instance_id: instanceId }).delete();
    else
      await trx('instance_view').where({ instance_id: instanceId }).update({
        view: after.view,
        teeth: after.teeth,
        laterality: after.laterality,
        view_key: after.viewKey,
        origin: after.origin,
        rule_id: after.ruleId,
      });
    return await finish(
      trx,
      principal,
      'imaging.image.classify.undo',
      image,
      sayView(before, rules),
      sayView(after, rules),
    );
  });
};
