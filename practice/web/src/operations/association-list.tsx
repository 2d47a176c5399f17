import type { EndpointResponse } from '@archwire/contracts/api';
import { operationsApi } from '@archwire/contracts/api/operations';
import {
  Button,
  Card,
  EmptyState,
  ErrorState,
  Link,
  Skeleton,
  Status,
  type StatusTone,
  useFormat,
  useText,
} from '@archwire/ui';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Radio } from 'lucide-react';
import { call } from '../api/call.ts';
import { endpointKey } from '../api/use-endpoint.ts';
import { useMay } from '../api/use-me.ts';
import { messages } from './messages.ts';
import styles from './operations-page.module.css';

type Association = EndpointResponse<typeof operationsApi.associations>['associations'][number];

const OUTCOMES = [
  'released',
  'aborted-by-peer',
  'connection-lost',
  'aborted-here',
  'timed-out',
  'stopped',
] as const;
const isOutcome = (outcome: string): outcome is (typeof OUTCOMES)[number] =>
  OUTCOMES.some((known) => known === outcome);
const toneOf = ({ outcome, failures }: Association): StatusTone =>
  failures > 0 ? 'danger' : outcome === 'released' ? 'ok' : 'warn';
const REFRESH_MS = 5000;
const MINUTE_MS = 60_000;

/** Who was here, newest first. */
export const AssociationList = () => {
  const text = useText(messages);
  const format = useFormat();
  const mayDevices = useMay('devices.device.read');
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: [...endpointKey(operationsApi.associations), 'pages'],
    queryFn: async ({ pageParam, signal }) =>
      await call(
        operationsApi.associations,
        { query: pageParam === null ? {} : { before: pageParam } },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: REFRESH_MS,
  });
  const rows = data?.pages.flatMap(({ associations }) => associations) ?? [];
  const seconds = (ms: number): string =>
    ms < MINUTE_MS
      ? `${format.number(Math.round(ms / 100) / 10)} s`
      : `${format.number(Math.round(ms / MINUTE_MS))} min`;
  return (
    <Card
      title={text('associations')}
      actions={
        mayDevices ? (
          <Link look="ghost" href="/devices">
            {text('refusals')}
          </Link>
        ) : undefined
      }
    >
      {data === undefined ? (
        error === null ? (
          <Skeleton lines={5} />
        ) : (
          <ErrorState error={error} onRetry={() => void refetch()} />
        )
      ) : rows.length === 0 ? (
        <EmptyState icon={Radio} title={text('noAssociations')}>
          {text('noAssociationsHint')}
        </EmptyState>
      ) : (
        <>
          <ul className={styles.associations}>
            {rows.map((row) => (
              <li key={row.id}>
                <span className={styles.who}>
                  <b>{row.deviceName ?? row.callingAe}</b>
                  <small>
                    {row.deviceName === null ? '' : `${row.callingAe} · `}
                    {row.address}
                  </small>
                </span>
                <span className={styles.what}>
                  {row.objects === 0 ? text('echoOnly') : text('images', { count: row.objects })}
                  <small>
                    {row.bytes > 0 ? `${format.bytes(row.bytes)} · ` : ''}
                    {seconds(row.durationMs)}
                  </small>
                </span>
                <Status tone={toneOf(row)} quiet>
                  {row.failures > 0
                    ? text('failures', { count: row.failures })
                    : isOutcome(row.outcome)
                      ? text(`outcome-${row.outcome}`)
                      : row.outcome}
                </Status>
                <time dateTime={row.startedAt} title={format.dateTime(row.startedAt)}>
                  {format.relative(row.startedAt)}
                </time>
              </li>
            ))}
          </ul>
          {hasNextPage && (
            <Button wide tone="ghost" isPending={isFetchingNextPage} onPress={() => void fetchNextPage()}>
              {text('more')}
            </Button>
          )}
        </>
      )}
    </Card>
  );
};
