import { RuleConditions, RuleResult } from '@archwire/contracts';
import type { Transaction } from '../query/transaction.ts';
import { SHIPPED_RULES } from './shipped-rules.ts';
import type { ViewRule } from './view-rule.ts';

interface Row extends Pick<ViewRule, 'id' | 'name' | 'active' | 'source'> {
  readonly conditions: unknown;
  readonly result: unknown;
  readonly changed_at: Date;
}

/** A rule that a newer program wrote and this one does not understand is left alone, not half obeyed. */
const presentRule = ({ conditions, result, changed_at, ...row }: Row): readonly ViewRule[] => {
  const [when, then] = [RuleConditions.safeParse(conditions), RuleResult.safeParse(result)];
  if (!when.success || !then.success) return [];
  return [
    {
      ...row,
      unverified: false,
      conditions: when.data,
      result: then.data,
      changedAt: changed_at.toISOString(),
    },
  ];
};

/** All rules in the order in which they are asked: those of the group, then those that are shipped. */
export const readViewRules = async (trx: Transaction): Promise<readonly ViewRule[]> => {
  const { rows }: { rows: Row[] } = await trx.raw(
    `select id, name, active, source, conditions, result, changed_at from view_rule order by position, id`,
  );
  const own = new Set(rows.map(({ id }) => id));
  return [...rows.flatMap(presentRule), ...SHIPPED_RULES.filter(({ id }) => !own.has(id))];
};
