import { devicesApi } from '@archwire/contracts/api/devices';
import { DICOM_SERVICES, type DicomService } from '@archwire/contracts/dicom-service';
import { Button, Status, toasts, useFormat, useText } from '@archwire/ui';
import { useAction } from '../api/use-action.ts';
import { useMay } from '../api/use-me.ts';
import type { Device } from './device.ts';
import styles from './devices.module.css';
import { messages } from './messages.ts';

/** What a device asked for and may not, with one press to allow it. */
export const DenialList = ({ device, now }: { readonly device: Device; readonly now: Date }) => {
  const text = useText(messages);
  const format = useFormat();
  const may = useMay('devices.device.write');
  const change = useAction(devicesApi.change, {
    changes: [devicesApi.list],
    onSuccess: () => void toasts.show({ text: text('saved', { name: device.name }), tone: 'ok' }),
    onError: () => void toasts.show({ text: text('failed'), tone: 'danger' }),
  });
  const allow = (service: DicomService) =>
    change.mutate({
      params: { id: device.id },
      body: {
        services: DICOM_SERVICES.filter((each) => each === service || device.services.includes(each)),
      },
    });
  return (
    <ul className={styles.refusals} aria-label={text('denials')}>
      {device.denials.map(({ service, count, lastAt }) => (
        <li key={service} className={styles.denial}>
          <div className={styles.why}>
            <Status tone="warn">{text('askedFor', { service: text(`service-${service}`) })}</Status>
            <span>
              {text('times', { count })} · {text('lastAt', { ago: format.relative(lastAt, now) })}
            </span>
          </div>
          {may && (
            <Button isPending={change.isPending} onPress={() => allow(service)}>
              {text('allow')}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
};
