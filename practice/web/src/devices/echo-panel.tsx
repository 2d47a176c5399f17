import type { EndpointResponse } from '@archwire/contracts/api';
import { devicesApi } from '@archwire/contracts/api/devices';
import { Button, DefinitionList, ErrorState, Status, useText } from '@archwire/ui';
import { Radio } from 'lucide-react';
import { useAction } from '../api/use-action.ts';
import { useMay } from '../api/use-me.ts';
import { CapabilitiesPanel } from './capabilities-panel.tsx';
import type { Device } from './device.ts';
import styles from './devices.module.css';
import { messages } from './messages.ts';

type Result = EndpointResponse<typeof devicesApi.echo>;

const Finding = ({ result }: { readonly result: Result }) => {
  const text = useText(messages);
  const { outcome, rejection, calledAe, callingAe } = result;
  return (
    <div className={styles.finding} role="status">
      <Status tone={outcome === 'success' ? 'ok' : outcome === 'no-verification' ? 'warn' : 'danger'}>
        {outcome === 'success' ? text('echoOk', { ms: result.milliseconds }) : text('echoBad')}
      </Status>
      <p>
        {outcome === 'rejected'
          ? text(`rejected-${rejection ?? 'other'}`, { ae: calledAe, own: callingAe })
          : text(`echo-${outcome}`)}
      </p>
      <DefinitionList
        items={[
          { label: text('asked'), value: `${calledAe}@${result.host}:${result.port}` },
          { label: text('askedAs'), value: callingAe },
          ...(result.implementationVersionName === null && result.implementationClassUid === null
            ? []
            : [
                {
                  label: text('madeBy'),
                  value: result.implementationVersionName ?? result.implementationClassUid,
                },
              ]),
        ]}
      />
    </div>
  );
};

/** Asks a device over DICOM whether it answers, and says in words what came of it. */
export const EchoPanel = ({
  device,
  onWriteHost,
}: {
  readonly device: Device;
  readonly onWriteHost: () => void;
}) => {
  const text = useText(messages);
  const may = useMay('devices.device.write');
  const echo = useAction(devicesApi.echo);
  const { host, port } = device;
  if (host === null || port === null) {
    return (
      <div className={styles.stack}>
        <p>{text('echoNoHost')}</p>
        {may && (
          <div>
            <Button onPress={onWriteHost}>{text('echoWrite')}</Button>
          </div>
        )}
      </div>
    );
  }
  return (
    <div className={styles.stack}>
      <p>{text('echoLead')}</p>
      {may && (
        <div>
          <Button
            tone="primary"
            isPending={echo.isPending}
            onPress={() => echo.mutate({ params: { id: device.id } })}
          >
            <Radio size={15} aria-hidden />
            {text('echo')}
          </Button>
        </div>
      )}
      {echo.isPending && (
        <p role="status" className={styles.quiet}>
          {text('echoing', { host, port: String(port) })}
        </p>
      )}
      {echo.error !== null && <ErrorState error={echo.error} />}
      {echo.data !== undefined && !echo.isPending && <Finding result={echo.data} />}
      <hr className={styles.rule} />
      <CapabilitiesPanel device={device} />
    </div>
  );
};
