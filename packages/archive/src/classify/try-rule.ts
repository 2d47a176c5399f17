import { type Principal, requirePermission, type ViewRuleDraft } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';
import { pictureRecipe } from '../derive/picture-recipe.ts';
import { pictureVersion } from '../timeline/study-image.ts';
import type { Transaction } from '../query/transaction.ts';
import { classifyImage } from './classify-image.ts';
import { type SaidView, sayView } from './correct-image.ts';
import type { FoundImage } from './find-images.ts';
import { indexedRead } from './indexed-read.ts';
import { matchesPattern } from './matches-pattern.ts';
import { matchesRule } from './matches-rule.ts';
import { readViewRules } from './read-view-rules.ts';
import { recentImages } from './recent-images.ts';
import type { ViewRule } from './view-rule.ts';

export interface TriedImage {
  readonly instanceId: string;
  readonly studyId: string;
  readonly arrivedAt: string;
  readonly modality: string | null;
  readonly seriesDescription: string | null;
  readonly rows: number | null;
  readonly columns: number | null;
  readonly deviceName: string | null;
  /** Of its pictures; `null`: none yet. */
  readonly version: string | null;
  readonly matches: boolean;
  readonly changes: boolean;
  readonly before: SaidView;
  readonly after: SaidView;
}

/** Candidates that are looked through, and those of the device that are shown. */
const LOOKED_AT = 600;
const SHOWN = 50;

/** Of a device as the rule names it. */
const isOfDevice = ({ conditions }: ViewRuleDraft, { traits }: FoundImage): boolean =>
  (conditions.manufacturer === null || matchesPattern(conditions.manufacturer, traits.manufacturer)) &&
  (conditions.modelName === null || matchesPattern(conditions.modelName, traits.modelName)) &&
  (conditions.stationName === null || matchesPattern(conditions.stationName, traits.stationName)) &&
  (conditions.modality === null || conditions.modality === traits.modality);

const sameView = (one: SaidView, other: SaidView): boolean =>
  one.view === other.view && one.laterality === other.laterality && one.teeth.join() === other.teeth.join();

interface Facts {
  readonly id: string;
  readonly arrived: Date;
  readonly sha: string;
  readonly recipe: number | null;
  readonly device: string | null;
}

const factsOf = async (trx: Transaction, ids: readonly string[]): Promise<ReadonlyMap<string, Facts>> => {
  const { rows }: { rows: Facts[] } = await trx.raw(
    `select i.id::text as id, i.arrived_at as arrived, encode(i.sha256, 'hex') as sha, ${pictureRecipe('d')} as recipe,
            (select v.name from device v where v.id = i.device_id) as device
       from unnest(?::bigint[]) k(id)
      cross join lateral (select * from instance n where n.id = k.id offset 0) i
       left join lateral (select * from derivative n where n.instance_id = i.id and n.kind = 'thumbnail' limit 1) d on true`,
    [[...ids]],
  );
  return new Map(rows.map((row) => [row.id, row]));
};

/**
 * What a rule would change among the last fifty images of its device; nothing is written. A rule that takes no other's
 * place is tried before all others, where it would be added.
 * @throws AppError `forbidden`.
 */
export const tryRule = async (
  withTenant: WithTenant,
  principal: Principal,
  { rule, replaces }: { readonly rule: ViewRuleDraft; readonly replaces?: string | undefined },
): Promise<{
  readonly images: readonly TriedImage[];
  readonly matched: number;
  readonly changed: number;
}> => {
  requirePermission(principal, 'imaging.rule.write');
  return await withTenant(principal.tenantId, async (trx) => {
    const rules = await readViewRules(trx);
    const trial: ViewRule = {
      ...rule,
      id: replaces ?? '00000000-0000-0000-0000-000000000000',
      source: 'person',
      unverified: false,
      changedAt: null,
    };
    const tried = rules.some(({ id }) => id === replaces)
      ? rules.map((known) => (known.id === replaces ? trial : known))
      : [trial, ...rules];
    const found = (await recentImages(trx, rule.conditions.deviceId, LOOKED_AT))
      .filter((image) => isOfDevice(rule, image))
      .slice(0, SHOWN);
    const facts = await factsOf(
      trx,
      found.map(({ instanceId }) => instanceId),
    );
    const images = found.map((image): TriedImage => {
      const { instanceId, studyId, traits } = image;
      const read = image.read ?? indexedRead(traits);
      const before = sayView(image.shown ?? { ...read, ruleId: null }, rules);
      const after = before.origin === 'person' ? before : sayView(classifyImage(read, traits, tried), tried);
      const fact = facts.get(instanceId);
      return {
        instanceId,
        studyId,
        arrivedAt: (fact?.arrived ?? new Date(0)).toISOString(),
        modality: traits.modality,
        seriesDescription: traits.seriesDescription,
        rows: traits.rows,
        columns: traits.columns,
        deviceName: fact?.device ?? null,
        version: fact === undefined || fact.recipe === null ? null : pictureVersion(fact.sha, fact.recipe),
        matches: matchesRule(rule.conditions, traits, read),
        changes: !sameView(before, after),
        before,
        after,
      };
    });
    return {
      images,
      matched: images.filter(({ matches }) => matches).length,
      changed: images.filter(({ changes }) => changes).length,
    };
  });
};
