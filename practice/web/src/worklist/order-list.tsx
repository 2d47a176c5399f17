import { ordersApi } from '@archwire/contracts/api/orders';
import { Button, EmptyState, ErrorState, Skeleton, useText } from '@archwire/ui';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { ClipboardList } from 'lucide-react';
import type { ReactNode } from 'react';
import { call } from '../api/call.ts';
import { endpointKey } from '../api/use-endpoint.ts';
import { messages } from './messages.ts';
import { OrderRow } from './order-row.tsx';
import styles from './worklist.module.css';

/** Which orders: those that are still to be done, those that ended, or all. */
export const orderViews = ['open', 'ended', 'all'] as const;
export type OrderView = (typeof orderViews)[number];
const STATES: Readonly<Record<OrderView, string | undefined>> = {
  open: 'planned,scheduled,in_progress,partial',
  ended: 'completed,discontinued',
  all: undefined,
};
const first = (): string | null => null;

/** The orders of a day in the order of their times, each with what can be done next. */
export const OrderList = ({
  day,
  view,
  locationId,
  action,
}: {
  readonly day: string;
  readonly view: OrderView;
  readonly locationId: string | null;
  /** Offered when there is none. */
  readonly action?: ReactNode;
}) => {
  const text = useText(messages);
  const state = STATES[view];
  const wanted = {
    from: day,
    to: day,
    ...(state === undefined ? {} : { state }),
    ...(locationId === null ? {} : { locationId }),
  };
  const query = useInfiniteQuery({
    queryKey: endpointKey(ordersApi.list, wanted),
    queryFn: ({ pageParam, signal }) =>
      call(
        ordersApi.list,
        { query: { ...wanted, ...(pageParam === null ? {} : { after: pageParam }) } },
        { signal },
      ),
    initialPageParam: first(),
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <Skeleton height={180} />;
  const orders = query.data.pages.flatMap((page) => page.orders);
  if (orders.length === 0)
    return (
      <EmptyState icon={ClipboardList} title={text(view === 'ended' ? 'noneEnded' : 'none')} action={action}>
        {text('noneText')}
      </EmptyState>
    );
  return (
    <>
      <ul className={styles.orders} aria-label={text('orders')} aria-busy={query.isPlaceholderData}>
        {orders.map((order) => (
          <OrderRow key={order.id} order={order} />
        ))}
      </ul>
      {query.hasNextPage && (
        <div className={styles.more}>
          <Button isPending={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
            {text('more')}
          </Button>
        </div>
      )}
    </>
  );
};
