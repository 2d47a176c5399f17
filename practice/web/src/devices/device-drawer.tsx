import { devicesApi } from '@archwire/contracts/api/devices';
import { Button, ConfirmDialog, Dialog, ErrorState, Skeleton, Tabs, toasts, useText } from '@archwire/ui';
import { useState } from 'react';
import { ApiProblem } from '../api/api-problem.ts';
import { useAction } from '../api/use-action.ts';
import { useEndpoint } from '../api/use-endpoint.ts';
import { useMay } from '../api/use-me.ts';
import { DenialList } from './denial-list.tsx';
import { bodyOf, DeviceForm, draftOf, faultsOf } from './device-form.tsx';
import type { Device } from './device.ts';
import styles from './devices.module.css';
import { EchoPanel } from './echo-panel.tsx';
import { HowToConnect } from './how-to-connect.tsx';
import { messages } from './messages.ts';
import { Presence } from './presence.tsx';
import { RefusalRow } from './refusal-row.tsx';
import { WatchPanel } from './watch-panel.tsx';
import { TrafficChart } from './traffic-chart.tsx';

const CHANGES = [devicesApi.list, devicesApi.refusals];

const OwnRefusals = ({ device, now }: { readonly device: Device; readonly now: Date }) => {
  const text = useText(messages);
  const { data, error, refetch } = useEndpoint(devicesApi.refusals, { query: { deviceId: device.id } });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton lines={2} />;
  if (data.refusals.length === 0)
    return device.denials.length === 0 ? <p className={styles.quiet}>{text('noRefusals')}</p> : null;
  return (
    <div className={styles.stack}>
      <p>{text('refusedAddress')}</p>
      <ul className={styles.refusals}>
        {data.refusals.map((refusal) => (
          <RefusalRow
            key={`${refusal.callingAe} ${refusal.calledAe} ${refusal.address}`}
            refusal={refusal}
            now={now}
          />
        ))}
      </ul>
    </div>
  );
};

const About = ({ device, now }: { readonly device: Device; readonly now: Date }) => {
  const text = useText(messages);
  const may = useMay('devices.device.write');
  const [draft, setDraft] = useState(() => draftOf(device));
  const [tried, setTried] = useState(false);
  const [asks, setAsks] = useState(false);
  const change = useAction(devicesApi.change, {
    changes: CHANGES,
    onSuccess: () => void toasts.show({ text: text('saved', { name: draft.name }), tone: 'ok' }),
  });
  const activate = useAction(devicesApi.activate, {
    changes: CHANGES,
    onSuccess: () => void toasts.show({ text: text('activated', { name: device.name }), tone: 'ok' }),
    onError: () => void toasts.show({ text: text('taken'), tone: 'danger' }),
  });
  const deactivate = useAction(devicesApi.deactivate, {
    changes: CHANGES,
    onSuccess: () =>
      void toasts.show({
        text: text('deactivated', { name: device.name }),
        action: {
          label: text('undo'),
          run: () => activate.mutate({ params: { id: device.id } }),
        },
      }),
  });
  const { error } = change;
  const isChanged = JSON.stringify(draft) !== JSON.stringify(draftOf(device));
  const submit = () => {
    setTried(true);
    if (Object.keys(faultsOf(draft)).length === 0)
      change.mutate({ params: { id: device.id }, body: bodyOf(draft) });
  };
  return (
    <form
      className={styles.stack}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div>
        <Presence device={device} now={now} />
      </div>
      <DeviceForm draft={draft} onChange={setDraft} showFaults={tried} isDisabled={!may} />
      {error !== null && (
        <p role="alert" className={styles.wrong}>
          {text(
            error instanceof ApiProblem && error.reason === 'folder-taken'
              ? 'folderTaken'
              : error instanceof ApiProblem && error.reason === 'device-taken'
                ? 'taken'
                : 'failed',
          )}
        </p>
      )}
      {may && (
        <div className={styles.formFoot}>
          {device.active ? (
            <Button tone="danger" onPress={() => setAsks(true)}>
              {text('deactivate')}
            </Button>
          ) : (
            <Button
              isPending={activate.isPending}
              onPress={() => activate.mutate({ params: { id: device.id } })}
            >
              {text('activate')}
            </Button>
          )}
          <Button type="submit" tone="primary" isPending={change.isPending} isDisabled={!isChanged}>
            {text('save')}
          </Button>
        </div>
      )}
      <ConfirmDialog
        isOpen={asks}
        onClose={() => setAsks(false)}
        title={text('deactivate')}
        lead={text('deactivateLead', { name: device.name })}
        action={text('deactivate')}
        isDangerous
        onConfirm={() => deactivate.mutateAsync({ params: { id: device.id } })}
        explain={() => text('failed')}
      />
    </form>
  );
};

type Part = 'about' | 'test' | 'traffic' | 'connect' | 'folder' | 'refusals';

/** Everything about one device, beside the list. */
export const DeviceDrawer = ({
  device,
  now,
  onClose,
}: {
  readonly device: Device;
  readonly now: Date;
  readonly onClose: () => void;
}) => {
  const text = useText(messages);
  const [part, setPart] = useState<Part>('about');
  return (
    <Dialog isOpen kind="drawer" onClose={onClose} title={device.name}>
      <Tabs<Part>
        label={device.name}
        selected={part}
        onSelect={setPart}
        items={[
          { id: 'about', label: text('tabAbout'), content: <About device={device} now={now} /> },
          {
            id: 'test',
            label: text('tabTest'),
            content: <EchoPanel device={device} onWriteHost={() => setPart('about')} />,
          },
          { id: 'traffic', label: text('tabTraffic'), content: <TrafficChart device={device} /> },
          {
            id: 'connect',
            label: text('tabConnect'),
            content: <HowToConnect calledAe={device.calledAe} />,
          },
          ...(device.watchFolder === null
            ? []
            : [
                {
                  id: 'folder' as const,
                  label: text('tabFolder'),
                  count: device.watchRefusals.length,
                  content: <WatchPanel device={device} now={now} />,
                },
              ]),
          {
            id: 'refusals',
            label: text('tabRefusals'),
            count: device.denials.length,
            content: (
              <div className={styles.stack}>
                {device.denials.length > 0 && <DenialList device={device} now={now} />}
                <OwnRefusals device={device} now={now} />
              </div>
            ),
          },
        ]}
      />
    </Dialog>
  );
};
