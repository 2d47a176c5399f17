import { devicesApi } from '@archwire/contracts/api/devices';
import { imagingApi } from '@archwire/contracts/api/imaging';
import {
  Button,
  Card,
  ConfirmDialog,
  EmptyState,
  ErrorState,
  SearchField,
  Skeleton,
  toasts,
  useText,
} from '@archwire/ui';
import { useInfiniteQuery, keepPreviousData } from '@tanstack/react-query';
import { DoorClosed } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { call } from '../api/call.ts';
import { useAction } from '../api/use-action.ts';
import { endpointKey } from '../api/use-endpoint.ts';
import { useMay } from '../api/use-me.ts';
import type { Refusal } from './device.ts';
import styles from './devices.module.css';
import { messages } from './messages.ts';
import { RefusalRow } from './refusal-row.tsx';

const first = (): string | null => null;
const keyOf = ({ callingAe, calledAe, address }: Refusal) => ({ callingAe, calledAe, address });

/** Who knocked and was not let in, newest first, with one press to register. */
export const Door = ({
  now,
  onRegister,
}: {
  readonly now: Date;
  readonly onRegister: (refusal: Refusal) => void;
}) => {
  const text = useText(messages);
  const may = useMay('devices.device.write');
  const [search, setSearch] = useState('');
  const [asksForAll, setAsksForAll] = useState(false);
  const wanted = useDeferredValue(search.trim());
  const query = useInfiniteQuery({
    queryKey: endpointKey(devicesApi.refusals, { search: wanted }),
    queryFn: ({ pageParam, signal }) =>
      call(
        devicesApi.refusals,
        {
          query: {
            ...(wanted === '' ? {} : { search: wanted }),
            ...(pageParam === null ? {} : { before: pageParam }),
          },
        },
        { signal },
      ),
    initialPageParam: first(),
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
  const dismiss = useAction(devicesApi.dismissRefusals, {
    changes: [devicesApi.refusals, devicesApi.list, imagingApi.notices],
    onSuccess: (done) =>
      void toasts.show({ text: text('dismissed', { count: done?.count ?? 0 }), tone: 'ok' }),
    onError: () => void toasts.show({ text: text('failed'), tone: 'danger' }),
  });
  const pages = query.data?.pages ?? [];
  const refusals = pages.flatMap((page) => page.refusals);
  const total = pages[0]?.total ?? 0;

  const list = () => {
    if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    if (query.data === undefined) return <Skeleton lines={3} />;
    if (refusals.length === 0)
      return wanted === '' ? (
        <EmptyState icon={DoorClosed} title={text('doorEmpty')}>
          {text('doorEmptyText')}
        </EmptyState>
      ) : (
        <EmptyState icon={DoorClosed} title={text('doorNoneFound')} />
      );
    return (
      <>
        <ul className={styles.refusals} aria-label={text('door')}>
          {refusals.map((refusal) => (
            <RefusalRow
              key={JSON.stringify(keyOf(refusal))}
              refusal={refusal}
              now={now}
              onRegister={() => onRegister(refusal)}
              onDismiss={() => dismiss.mutate({ body: { peers: [keyOf(refusal)] } })}
            />
          ))}
        </ul>
        {query.hasNextPage && (
          <div className={styles.moreRow}>
            <Button isPending={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
              {text('moreRefusals')}
            </Button>
          </div>
        )}
      </>
    );
  };

  return (
    <Card
      title={text('door')}
      {...(total > 0 ? { meta: text('doorLead', { count: total }) } : {})}
      actions={
        may && total > 1 && wanted === '' ? (
          <Button tone="ghost" onPress={() => setAsksForAll(true)}>
            {text('dismissAll')}
          </Button>
        ) : undefined
      }
    >
      {(total > 5 || search !== '') && (
        <div className={styles.search}>
          <SearchField label={text('findRefusal')} value={search} onChange={setSearch} />
        </div>
      )}
      {list()}
      <ConfirmDialog
        isOpen={asksForAll}
        onClose={() => setAsksForAll(false)}
        title={text('dismissAll')}
        lead={text('dismissAllLead', { count: total })}
        action={text('dismissAll')}
        onConfirm={() => dismiss.mutateAsync({ body: { peers: 'all' } })}
        explain={() => text('failed')}
      />
    </Card>
  );
};
