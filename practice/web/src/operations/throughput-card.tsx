import { operationsApi } from '@archwire/contracts/api/operations';
import { Card, ErrorState, SegmentedControl, Skeleton, useFormat, useText } from '@archwire/ui';
import { keepPreviousData } from '@tanstack/react-query';
import { useState } from 'react';
import { useEndpoint } from '../api/use-endpoint.ts';
import { BarChart } from './bar-chart.tsx';
import { messages } from './messages.ts';
import styles from './operations-page.module.css';

const HOURS = ['1', '6', '24', '168'] as const;
const REFRESH_MS = 10_000;

/** What the group received, as bars up to now. */
export const ThroughputCard = () => {
  const text = useText(messages);
  const format = useFormat();
  const [hours, setHours] = useState<(typeof HOURS)[number]>('6');
  const { data, error, refetch } = useEndpoint(
    operationsApi.throughput,
    { query: { hours: Number(hours) } },
    { refetchInterval: REFRESH_MS, placeholderData: keepPreviousData },
  );
  const points = data?.points ?? [];
  const instances = points.reduce((sum, point) => sum + point.instances, 0);
  const bytes = points.reduce((sum, point) => sum + point.bytes, 0);
  const most = Math.max(0, ...points.map((point) => point.instances));
  const minutes = data?.minutes ?? 1;
  const startOf = (at: number): Date => new Date(new Date(data?.from ?? 0).getTime() + at * minutes * 60_000);
  const timeOf = (at: Date): string => (hours === '168' ? format.dateTime(at) : format.time(at));
  return (
    <Card
      title={text('received')}
      actions={
        <SegmentedControl
          label={text('hours')}
          options={HOURS.map((id) => ({ id, label: text(`hours-${id}`) }))}
          value={hours}
          onChange={setHours}
        />
      }
    >
      {data === undefined ? (
        error === null ? (
          <Skeleton height={150} />
        ) : (
          <ErrorState error={error} onRetry={() => void refetch()} />
        )
      ) : (
        <>
          <p className={styles.big}>
            <b>{format.number(instances)}</b> {text('imagesLabel')}
            <span>{format.bytes(bytes)}</span>
          </p>
          <BarChart
            label={text('chart', {
              images: text('images', { count: instances }),
              bytes: format.bytes(bytes),
              most: format.number(most),
              minutes,
            })}
            values={points.map((point) => point.instances)}
            describe={(at) =>
              `${timeOf(startOf(at))} · ${text('images', { count: points[at]?.instances ?? 0 })} · ${format.bytes(points[at]?.bytes ?? 0)}`
            }
          />
          <p className={styles.axis} aria-hidden>
            <span>{timeOf(startOf(0))}</span>
            <span>{timeOf(startOf(Math.floor(points.length / 2)))}</span>
            <span>{text('now')}</span>
          </p>
          {instances === 0 && <p className={styles.quiet}>{text('quietTime')}</p>}
        </>
      )}
    </Card>
  );
};
