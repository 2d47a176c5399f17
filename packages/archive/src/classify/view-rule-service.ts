import { AppError, type Principal, requirePermission, type ViewRuleDraft } from '@archwire/contracts';
import { appendAudit, type WithTenant } from '@archwire/database';
import type { Transaction } from '../query/transaction.ts';
import { readViewRules } from './read-view-rules.ts';
import { SHIPPED_RULES } from './shipped-rules.ts';
import type { ViewRule } from './view-rule.ts';

const MOST = 500;

const audit = async (
  trx: Transaction,
  principal: Principal,
  action: string,
  entityId: string | null,
  after: Readonly<Record<string, unknown>>,
): Promise<void> => {
  await appendAudit(trx, {
    action,
    entity: 'view-rule',
    ...(entityId === null ? {} : { entityId }),
    after,
    actorKind: principal.kind,
    actorId: principal.id,
    outcome: 'success',
    address: principal.address,
    userAgent: principal.userAgent?.slice(0, 300) ?? null,
    requestId: principal.requestId,
  });
};

const assertDevice = async (trx: Transaction, { conditions }: ViewRuleDraft): Promise<void> => {
  const { deviceId } = conditions;
  if (deviceId !== null && (await trx('device').where({ id: deviceId }).first('id')) === undefined)
    throw new AppError('invalid', 'There is no such device in your group. Choose one of the list.');
};

const columnsOf = ({ name, active, conditions, result }: ViewRuleDraft) => ({
  name,
  active,
  conditions: JSON.stringify(conditions),
  result: JSON.stringify(result),
});

const notFound = (): AppError => new AppError('not-found', 'There is no such rule. Reload the list.');

/** The rules with the names of their devices. @throws AppError `forbidden`. */
export const listViewRules = async (
  withTenant: WithTenant,
  principal: Principal,
): Promise<readonly (ViewRule & { readonly deviceName: string | null })[]> => {
  requirePermission(principal, 'imaging.rule.write');
  return await withTenant(principal.tenantId, async (trx) => {
    const rules = await readViewRules(trx);
    const devices = await trx<{ id: string; name: string }>('device')
      .whereIn('id', [...new Set(rules.flatMap(({ conditions }) => conditions.deviceId ?? []))])
      .select('id', 'name');
    return rules.map((rule) => ({
      ...rule,
      deviceName: devices.find(({ id }) => id === rule.conditions.deviceId)?.name ?? null,
    }));
  });
};

/**
 * Adds a rule before all others. `learnedFrom`: the image whose correction it was made from.
 * @throws AppError `forbidden`; `invalid` for a device of somebody else; `conflict` when there are too many.
 */
export const makeViewRule = async (
  withTenant: WithTenant,
  principal: Principal,
  rule: ViewRuleDraft,
  learnedFrom?: string,
): Promise<{ readonly id: string }> => {
  requirePermission(principal, 'imaging.rule.write');
  return await withTenant(principal.tenantId, async (trx) => {
    await assertDevice(trx, rule);
    const { rows }: { rows: { count: number; first: number }[] } = await trx.raw(
      'select count(*)::int as count, coalesce(min(position), 0) as first from view_rule',
    );
    if ((rows[0]?.count ?? 0) >= MOST)
      throw new AppError('conflict', `A group has at most ${MOST} rules. Remove those that nobody needs.`);
    const [made] = await trx('view_rule')
      .insert({
        tenant_id: principal.tenantId,
        position: (rows[0]?.first ?? 0) - 1,
        source: learnedFrom === undefined ? 'person' : 'learned',
        learned_from: learnedFrom ?? null,
        ...columnsOf(rule),
      })
      .returning<{ id: string }[]>('id');
    if (made === undefined) throw new AppError('internal', 'The rule was not made.');
    await audit(trx, principal, 'imaging.rule.make', made.id, {
      ...rule,
      ...(learnedFrom === undefined ? {} : { learnedFrom }),
    });
    return made;
  });
};

/**
 * Changes a rule; a shipped one becomes a rule of the group in its place, behind those that stand before it.
 * @throws AppError `forbidden`, `not-found`, `invalid` for a device of somebody else.
 */
export const changeViewRule = async (
  withTenant: WithTenant,
  principal: Principal,
  id: string,
  rule: ViewRuleDraft,
): Promise<{ readonly id: string }> => {
  requirePermission(principal, 'imaging.rule.write');
  return await withTenant(principal.tenantId, async (trx) => {
    await assertDevice(trx, rule);
    const columns = { ...columnsOf(rule), changed_at: trx.fn.now() };
    const count = await trx('view_rule').where({ id }).update(columns);
    if (count === 0) {
      if (!SHIPPED_RULES.some((shipped) => shipped.id === id)) throw notFound();
      await trx.raw(
        `insert into view_rule (tenant_id, id, position, name, active, source, conditions, result)
         select app_tenant(), ?::uuid, (select coalesce(max(position), 0) + 1 from view_rule), ?, ?, 'person', ?::jsonb, ?::jsonb`,
        [id, columns.name, columns.active, columns.conditions, columns.result],
      );
    }
    await audit(trx, principal, 'imaging.rule.change', id, rule);
    return { id };
  });
};

/**
 * Removes a rule; a shipped one that was changed is shipped again. Images keep what it said until rules are applied.
 * @throws AppError `forbidden`; `not-found`; `invalid` for a shipped rule as it is: it is switched off instead.
 */
export const removeViewRule = async (
  withTenant: WithTenant,
  principal: Principal,
  id: string,
): Promise<void> => {
  requirePermission(principal, 'imaging.rule.write');
  await withTenant(principal.tenantId, async (trx) => {
    const [gone] = await trx('view_rule').where({ id }).delete().returning<{ name: string }[]>('name');
    if (gone === undefined) {
      if (SHIPPED_RULES.some((shipped) => shipped.id === id))
        throw new AppError('invalid', 'A rule that is shipped cannot be removed. Switch it off instead.');
      throw notFound();
    }
    await audit(trx, principal, 'imaging.rule.remove', id, { name: gone.name });
  });
};

/**
 * Says in which order the rules of the group are asked; ids that are not theirs, as those that are shipped, are passed over.
 * @throws AppError `forbidden`.
 */
export const orderViewRules = async (
  withTenant: WithTenant,
  principal: Principal,
  ids: readonly string[],
): Promise<void> => {
  requirePermission(principal, 'imaging.rule.write');
  await withTenant(principal.tenantId, async (trx) => {
    await trx.raw(
      `update view_rule r set position = o.position from unnest(?::uuid[]) with ordinality o(id, position) where r.id = o.id`,
      [[...ids]],
    );
    await audit(trx, principal, 'imaging.rule.order', null, { ids });
  });
};
