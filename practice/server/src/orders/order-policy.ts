import { AppError } from '@archwire/contracts';
import type { OrderState } from '@archwire/contracts/api/orders';

/** What can be done with an order. */
export type OrderVerb = 'change' | 'check-in' | 'complete' | 'discontinue';

const ALLOWED: Readonly<Record<OrderVerb, ReadonlySet<OrderState>>> = {
  change: new Set(['planned', 'scheduled']),
  'check-in': new Set(['planned']),
  complete: new Set(['scheduled', 'in_progress', 'partial']),
  discontinue: new Set(['planned', 'scheduled', 'in_progress', 'partial']),
};
const REFUSALS: Readonly<Record<OrderVerb, string>> = {
  change: 'An order that has begun or ended cannot be changed. Make another one.',
  'check-in': 'Only a planned order can be checked in. Reload it.',
  complete: 'Only an order that is checked in can be completed. Reload it.',
  discontinue: 'This order has ended already. Reload it.',
};

/** @throws AppError `conflict` when an order in this state does not allow it. */
export const assertOrderAllows = (verb: OrderVerb, state: OrderState): void => {
  if (ALLOWED[verb].has(state)) return;
  throw new AppError('conflict', REFUSALS[verb], { details: { reason: 'order-state', state } });
};
