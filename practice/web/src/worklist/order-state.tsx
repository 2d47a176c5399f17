import { Status, type StatusTone, useText } from '@archwire/ui';
import { messages } from './messages.ts';
import type { Order } from './order.ts';

const TONES: Readonly<Record<Order['state'], StatusTone>> = {
  planned: 'idle',
  scheduled: 'info',
  in_progress: 'warn',
  completed: 'ok',
  partial: 'warn',
  discontinued: 'danger',
};

/** How far an order is, as word, shape and colour. */
export const OrderState = ({ state }: { readonly state: Order['state'] }) => {
  const text = useText(messages);
  return <Status tone={TONES[state]}>{text(state)}</Status>;
};
