import { type Principal, requirePermission } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';
import type { SqlCondition } from '../query/condition-sql.ts';
import { findCandidates } from './candidates.ts';
import { SEARCH_LIMITS, type SearchLimits } from './search-limits.ts';
import { rowConditions, walkConditions } from './study-conditions.ts';
import type { StudyFilter } from './study-filter.ts';

export interface StudyCount {
  readonly count: number;
  /** There are more than were counted. */
  readonly more: boolean;
}

/** How many studies a filter finds, as far as it is worth counting. @throws AppError `forbidden`. */
export const countStudies = async (
  withTenant: WithTenant,
  principal: Principal,
  filter: StudyFilter,
  limits: SearchLimits = SEARCH_LIMITS,
): Promise<StudyCount> => {
  requirePermission(principal, 'imaging.study.read');
  if (filter.states.includes('rejected')) requirePermission(principal, 'imaging.reconcile.write');
  return await withTenant(principal.tenantId, async (trx) => {
    const ids = (await findCandidates(trx, filter, 'study-date', limits))?.ids;
    const walk: readonly SqlCondition[] = walkConditions(filter);
    const judged = rowConditions(filter);
    const text = (conditions: readonly SqlCondition[]): string =>
      conditions.map(({ sql }) => `and ${sql}`).join(' ');
    const among =
      ids === undefined
        ? `(select s.* from study s where true ${text(walk)} order by s.on_date desc, s.on_time desc, s.id desc limit ${limits.countWalk}) s`
        : `unnest(?::uuid[]) c(id) cross join lateral (select * from study st where st.id = c.id offset 0) s`;
    const bindings = (conditions: readonly SqlCondition[]) =>
      conditions.flatMap((each) =>
        each.bindings.map((value) => (typeof value === 'object' ? [...value] : value)),
      );
    const { rows }: { rows: { found: number; walked: boolean }[] } = await trx.raw(
      `select (select count(*)::int from (select 1 from ${among} left join patient p on p.id = s.patient_id
                 where true ${ids === undefined ? '' : text(walk)} ${text(judged)} limit ${limits.count + 1}) few) as found,
              ${ids === undefined ? `exists (select 1 from study s where true ${text(walk)} order by s.on_date desc, s.on_time desc, s.id desc offset ${limits.countWalk})` : 'false'} as walked`,
      ids === undefined
        ? [...bindings(walk), ...bindings(judged), ...bindings(walk)]
        : [[...ids], ...bindings(walk), ...bindings(judged)],
    );
    const found = rows[0]?.found ?? 0;
    return { count: Math.min(found, limits.count), more: found > limits.count || (rows[0]?.walked ?? false) };
  });
};
