import { Button, EmptyState, Link, toasts, useText } from '@archwire/ui';
import type { EndpointResponse } from '@archwire/contracts/api';
import type { studiesApi } from '@archwire/contracts/api/studies';
import { Copy, Radio } from 'lucide-react';
import { useMay } from '../api/use-me.ts';
import styles from './first-image.module.css';
import { messages } from './messages.ts';

/** What stands in the list before anything ever came: where to send, and a line to try it. */
export const FirstImage = ({
  receiver,
}: {
  readonly receiver: EndpointResponse<typeof studiesApi.facets>['receiver'];
}) => {
  const text = useText(messages);
  const mayRegister = useMay('devices.device.write');
  const host = location.hostname;
  if (receiver === null)
    return (
      <EmptyState icon={Radio} title={text('first')}>
        {text('noReceiver')}
      </EmptyState>
    );
  const command = `storescu -aec ${receiver.aeTitle} ${host} ${receiver.port} image.dcm`;
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(command);
    toasts.show({ tone: 'ok', text: text('copied') });
  };
  return (
    <EmptyState
      icon={Radio}
      title={text('first')}
      action={
        mayRegister ? (
          <Link look="primary" href="/devices">
            {text('devices')}
          </Link>
        ) : undefined
      }
    >
      <p>{text('firstHint')}</p>
      <dl className={styles.address}>
        <div>
          <dt>{text('aeTitle')}</dt>
          <dd>{receiver.aeTitle}</dd>
        </div>
        <div>
          <dt>{text('host')}</dt>
          <dd>{host}</dd>
        </div>
        <div>
          <dt>{text('port')}</dt>
          <dd>{receiver.port}</dd>
        </div>
      </dl>
      <p>{text('tryIt')}</p>
      <div className={styles.command}>
        <code>{command}</code>
        {navigator.clipboard !== undefined && (
          <Button tone="ghost" onPress={() => void copy()}>
            <Copy size={14} aria-hidden />
            {text('copy')}
          </Button>
        )}
      </div>
    </EmptyState>
  );
};
