import { devicesApi } from '@archwire/contracts/api/devices';
import { DefinitionList, ErrorState, Skeleton, Status, useFormat, useText } from '@archwire/ui';
import { useEndpoint } from '../api/use-endpoint.ts';
import type { Device } from './device.ts';
import styles from './devices.module.css';
import { messages } from './messages.ts';
import { SilenceField } from './silence-field.tsx';

const WIDTH = 300;
const HEIGHT = 72;
const GAP = 2;

/** What came from a device: today, always, and day by day. */
export const TrafficChart = ({ device }: { readonly device: Device }) => {
  const text = useText(messages);
  const format = useFormat();
  const { data, error, refetch } = useEndpoint(devicesApi.traffic, { params: { id: device.id } });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton height={140} />;
  const { days } = data;
  const most = Math.max(...days.map(({ instanceCount }) => instanceCount), 0);
  const step = WIDTH / days.length;
  const amount = ({ instanceCount, byteCount }: Device['total']) =>
    `${text('images', { count: instanceCount })}, ${format.bytes(byteCount)}`;
  return (
    <div className={styles.stack}>
      <DefinitionList
        items={[
          { label: text('today'), value: amount(device.today) },
          { label: text('total'), value: amount(device.total) },
        ]}
      />
      {device.total.failureCount > 0 && (
        <Status tone="warn">{text('failures', { count: device.total.failureCount })}</Status>
      )}
      <figure className={styles.chart}>
        <figcaption>
          <strong>{text('days')}</strong>
          <span className={styles.quiet}>
            {most === 0 ? text('noTraffic') : text('busiest', { count: format.number(most) })}
          </span>
        </figcaption>
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={text('days')}
        >
          {days.map(({ day, instanceCount, byteCount, failureCount }, at) => {
            const height = most === 0 ? 0 : (instanceCount / most) * (HEIGHT - 4);
            return (
              <rect
                key={day}
                x={at * step}
                y={HEIGHT - Math.max(height, 1)}
                width={step - GAP}
                height={Math.max(height, 1)}
                rx={1}
                data-empty={instanceCount === 0 || undefined}
              >
                <title>
                  {text('dayImages', {
                    day: format.date(day),
                    images: text('images', { count: instanceCount }),
                    bytes: format.bytes(byteCount),
                  })}
                  {failureCount > 0 ? ` · ${text('failures', { count: failureCount })}` : ''}
                </title>
              </rect>
            );
          })}
        </svg>
        <div className={styles.axis} aria-hidden>
          <span>{format.date(days[0]?.day ?? '')}</span>
          <span>{format.date(days.at(-1)?.day ?? '')}</span>
        </div>
      </figure>
      <SilenceField device={device} />
    </div>
  );
};
