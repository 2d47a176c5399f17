import { classes, Status, useText } from '@archwire/ui';
import { Button } from 'react-aria-components';
import styles from './devices.module.css';
import type { Device } from './device.ts';
import { KIND_ICONS } from './kind-icon.tsx';
import { messages } from './messages.ts';
import { Presence } from './presence.tsx';

/** A device at a glance; a press opens it. */
export const DeviceCard = ({
  device,
  now,
  onOpen,
}: {
  readonly device: Device;
  readonly now: Date;
  readonly onOpen: () => void;
}) => {
  const text = useText(messages);
  const [denial] = device.denials;
  const Icon = KIND_ICONS[device.kind];
  return (
    <Button className={classes(styles.device)} onPress={onOpen} data-inactive={!device.active || undefined}>
      <span className={styles.icon}>
        <Icon size={20} aria-hidden />
      </span>
      <span className={styles.names}>
        <strong>{device.name}</strong>
        <span>
          {text(device.kind)} · {device.locationName}
        </span>
      </span>
      <span className={styles.presence}>
        <Presence device={device} now={now} />
        {device.active && denial !== undefined && (
          <Status tone="warn">{text('askedFor', { service: text(`service-${denial.service}`) })}</Status>
        )}
      </span>
      <span className={styles.facts}>
        <code>{device.aeTitle}</code>
        <span>{device.address ?? text('anyAddress')}</span>
        <span className={styles.counts}>
          {text('images', { count: device.total.instanceCount })} ·{' '}
          {text('imagesToday', { count: device.today.instanceCount })}
        </span>
      </span>
    </Button>
  );
};
