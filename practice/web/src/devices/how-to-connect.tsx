import { devicesApi } from '@archwire/contracts/api/devices';
import { ErrorState, Skeleton, Status, useText } from '@archwire/ui';
import { useEndpoint } from '../api/use-endpoint.ts';
import { CopyLine } from './copy-line.tsx';
import styles from './devices.module.css';
import { messages } from './messages.ts';

/** What has to be typed into a device so that it sends here. */
export const HowToConnect = ({ calledAe }: { readonly calledAe?: string | null }) => {
  const text = useText(messages);
  const { data, error, refetch } = useEndpoint(devicesApi.receiver, {});
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton lines={4} />;
  return (
    <div className={styles.stack}>
      <p>{text('connectLead')}</p>
      <dl className={styles.copyLines}>
        <CopyLine label={text('ownAe')} value={calledAe ?? data.aeTitle} />
        {data.hosts.map((host) => (
          <CopyLine key={host} label={text('ownHost')} value={host} />
        ))}
        <CopyLine label={text('ownPort')} value={String(data.port)} />
        {data.tlsPort !== null && <CopyLine label={text('ownTlsPort')} value={String(data.tlsPort)} />}
      </dl>
      {data.hosts.length === 0 && <Status tone="warn">{text('onlyHere')}</Status>}
      {data.tlsClientCertificate && <p>{text('certificate')}</p>}
      <p className={styles.quiet}>{text('steps')}</p>
    </div>
  );
};
