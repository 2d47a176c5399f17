import type { Transaction } from '../query/transaction.ts';
import type { PerformedStepState } from './performed-step-row.ts';

/** Why a step was discontinued: the first item of Performed Procedure Step Discontinuation Reason Code Sequence. */
export interface DiscontinuationReason {
  readonly code: string | null;
  readonly scheme: string | null;
  readonly meaning: string;
}

/**
 * Moves the steps that a performed step carried out, and their orders: in progress with the first of them; when none is left
 * to do, completed if all were, discontinued if none was, otherwise partial. What a person ended stays ended.
 */
export const moveOrders = async (
  trx: Transaction,
  performedStepId: string,
  state: PerformedStepState,
  reason: DiscontinuationReason | null,
): Promise<void> => {
  const { rows }: { rows: { id: string }[] } = await trx.raw(
    `select o.id from imaging_order o
      where o.id in (select k.order_id from performed_step_order k where k.performed_step_id = ?)
        and o.state not in ('completed', 'discontinued')
      order by o.id for no key update`,
    [performedStepId],
  );
  if (rows.length === 0) return;
  const ids = rows.map(({ id }) => id);
  await trx.raw(
    `update imaging_order_step t set state = :state
       from performed_step_order k
      where k.performed_step_id = :performedStepId and t.order_id = k.order_id and t.step_no = k.step_no
        and t.order_id = any(:ids) and t.state in ('scheduled', 'in_progress')`,
    { state, performedStepId, ids },
  );
  await trx.raw(
    `update imaging_order o
        set state = now_is.state, updated_at = now(), started_at = coalesce(o.started_at, now()),
            ended_at = case when now_is.state in ('completed', 'discontinued') then now() end,
            reason_code = case when now_is.state = 'discontinued' then :code end,
            reason_scheme = case when now_is.state = 'discontinued' then :scheme end,
            reason_meaning = case when now_is.state = 'discontinued' then :meaning end
       from (select t.order_id,
                    case when bool_or(t.state in ('scheduled', 'in_progress')) then 'in_progress'
                         when bool_and(t.state = 'completed') then 'completed'
                         when bool_and(t.state = 'discontinued') then 'discontinued'
                         else 'partial' end as state
               from imaging_order_step t where t.order_id = any(:ids) group by t.order_id) now_is
      where o.id = now_is.order_id`,
    {
      ids,
      code: reason?.code ?? null,
      scheme: reason?.scheme ?? null,
      meaning: reason?.meaning ?? 'Discontinued at the device',
    },
  );
};
