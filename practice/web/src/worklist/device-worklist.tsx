import { devicesApi } from '@archwire/contracts/api/devices';
import { DICOM_SERVICES } from '@archwire/contracts/dicom-service';
import { ordersApi } from '@archwire/contracts/api/orders';
import { Button, Card, EmptyState, ErrorState, Select, Skeleton, Status, useText } from '@archwire/ui';
import { MonitorCheck } from 'lucide-react';
import { useAction } from '../api/use-action.ts';
import { useEndpoint } from '../api/use-endpoint.ts';
import { useMay } from '../api/use-me.ts';
import type { Device } from '../devices/device.ts';
import { messages } from './messages.ts';
import { ToldItemCard } from './told-item-card.tsx';
import styles from './worklist.module.css';

const Told = ({ device, day }: { readonly device: Device; readonly day: string }) => {
  const text = useText(messages);
  const { data, error, refetch } = useEndpoint(ordersApi.worklistPreview, {
    body: { deviceId: device.id, date: day.replaceAll('-', '') },
  });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton lines={4} />;
  if (data.items.length === 0)
    return (
      <EmptyState icon={MonitorCheck} title={text('toldNothing', { name: device.name })}>
        {text('toldNothingText', { location: device.locationName })}
      </EmptyState>
    );
  return (
    <>
      <p className={styles.quiet}>{text('told', { count: data.items.length })}</p>
      <ul className={styles.told} aria-label={text('toldTo', { name: device.name })}>
        {data.items.map((item) => (
          <ToldItemCard key={`${item.studyInstanceUid} ${item.scheduledProcedureStepId}`} item={item} />
        ))}
      </ul>
      {data.more && <p className={styles.quiet}>{text('toldMore')}</p>}
    </>
  );
};

const NotAllowed = ({ device }: { readonly device: Device }) => {
  const text = useText(messages);
  const may = useMay('devices.device.write');
  const allow = useAction(devicesApi.change, { changes: [devicesApi.list] });
  return (
    <div className={styles.notAllowed}>
      <Status tone="warn">{text('notAllowed')}</Status>
      {may && (
        <Button
          isPending={allow.isPending}
          onPress={() =>
            allow.mutate({
              params: { id: device.id },
              body: {
                services: DICOM_SERVICES.filter(
                  (service) => service === 'worklist' || device.services.includes(service),
                ),
              },
            })
          }
        >
          {text('allow')}
        </Button>
      )}
    </div>
  );
};

/** Exactly what a device would be told if it asked now for the worklist of a day. */
export const DeviceWorklist = ({
  day,
  deviceId,
  onChoose,
}: {
  readonly day: string;
  readonly deviceId: string | null;
  readonly onChoose: (deviceId: string) => void;
}) => {
  const text = useText(messages);
  const { data, error, refetch } = useEndpoint(devicesApi.list, {});
  const devices = (data?.devices ?? []).filter(({ active }) => active);
  const device =
    devices.find(({ id }) => id === deviceId) ??
    devices.find(({ services }) => services.includes('worklist')) ??
    devices[0];
  const content = () => {
    if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
    if (data === undefined) return <Skeleton lines={4} />;
    if (device === undefined)
      return (
        <EmptyState icon={MonitorCheck} title={text('noDevices')}>
          {text('noDevicesText')}
        </EmptyState>
      );
    return (
      <div className={styles.form}>
        <Select
          label={text('device')}
          options={devices.map(({ id, name, aeTitle }) => ({ id, label: `${name} (${aeTitle})` }))}
          value={device.id}
          onChange={onChoose}
        />
        {!device.services.includes('worklist') && <NotAllowed device={device} />}
        <Told device={device} day={day} />
      </div>
    );
  };
  return <Card title={text('deviceSees')}>{content()}</Card>;
};
