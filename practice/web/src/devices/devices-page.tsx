import { devicesApi } from '@archwire/contracts/api/devices';
import {
  Button,
  Card,
  EmptyState,
  ErrorState,
  Link,
  PageHeader,
  SearchField,
  Skeleton,
  useShortcut,
  useText,
} from '@archwire/ui';
import { Plus, ScanLine, Tags } from 'lucide-react';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useEndpoint } from '../api/use-endpoint.ts';
import { useMay } from '../api/use-me.ts';
import { DeviceCard } from './device-card.tsx';
import { DeviceDrawer } from './device-drawer.tsx';
import { type DeviceDraft, EMPTY_DRAFT } from './device-form.tsx';
import type { Device, Refusal } from './device.ts';
import styles from './devices.module.css';
import { Door } from './door.tsx';
import { HowToConnect } from './how-to-connect.tsx';
import { messages } from './messages.ts';
import { RegisterDialog } from './register-dialog.tsx';
import { messages as viewMessages } from '../views/messages.ts';
import { useNow } from './use-now.ts';

/** Activity is no change of a device, so nothing announces it. */
const LOOK_AGAIN_MS = 15_000;

const draftFor = ({ callingAe, calledAe, address, reasons }: Refusal): DeviceDraft => ({
  ...EMPTY_DRAFT,
  name: callingAe,
  aeTitle: callingAe,
  address,
  // By another title than ours it is let in only when the registration names that title.
  calledAe: reasons.includes('called-ae') ? calledAe : '',
});

const maySend = ({ active, services }: Device): boolean => active && services.includes('store');

const matches = (device: Device, words: string): boolean =>
  [device.name, device.aeTitle, device.locationName, device.address ?? '']
    .join(' ')
    .toLowerCase()
    .includes(words.trim().toLowerCase());

/** The equipment of the group: what may send, whether it does, and who waits to be let in. */
export const DevicesPage = () => {
  const text = useText(messages);
  const may = useMay('devices.device.write');
  const mayTeach = useMay('imaging.rule.write');
  const viewText = useText(viewMessages);
  const now = useNow();
  const [search, setSearch] = useState('');
  const [draft, setDraft] = useState<DeviceDraft>();
  const [parameters, setParameters] = useSearchParams();
  const { data, error, refetch } = useEndpoint(devicesApi.list, {}, { refetchInterval: LOOK_AGAIN_MS });
  useShortcut('n', () => setDraft(EMPTY_DRAFT), {
    label: text('register'),
    group: text('group'),
    isDisabled: !may,
  });
  const devices = data?.devices ?? [];
  const shown = devices.filter((device) => matches(device, search));
  const open = devices.find(({ id }) => id === parameters.get('device'));
  const goTo = (id: string | null) =>
    setParameters(id === null ? {} : { device: id }, { replace: true, preventScrollReset: true });

  const list = () => {
    if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
    if (data === undefined) return <Skeleton height={220} />;
    if (devices.length === 0) {
      return (
        <div className={styles.first}>
          <EmptyState
            icon={ScanLine}
            title={text('emptyTitle')}
            action={
              may ? (
                <Button tone="primary" onPress={() => setDraft(EMPTY_DRAFT)}>
                  <Plus size={15} aria-hidden />
                  {text('register')}
                </Button>
              ) : undefined
            }
          >
            {text('emptyText')}
          </EmptyState>
          <Card title={text('tabConnect')}>
            <HowToConnect />
          </Card>
        </div>
      );
    }
    if (shown.length === 0) return <EmptyState icon={ScanLine} title={text('noneFound')} />;
    return (
      <ul className={styles.devices} aria-label={text('title')}>
        {shown.map((device) => (
          <li key={device.id}>
            <DeviceCard device={device} now={now} onOpen={() => goTo(device.id)} />
          </li>
        ))}
      </ul>
    );
  };

  return (
    <>
      <PageHeader
        title={text('title')}
        {...(data === undefined ? {} : { lead: text('lead', { count: devices.filter(maySend).length }) })}
        actions={
          <>
            {mayTeach && (
              <Link look="plain" href="/devices/rules">
                <Tags size={15} aria-hidden />
                {viewText('rulesLink')}
              </Link>
            )}
            {may && devices.length > 0 && (
              <Button tone="primary" onPress={() => setDraft(EMPTY_DRAFT)}>
                <Plus size={15} aria-hidden />
                {text('register')}
              </Button>
            )}
          </>
        }
      >
        {devices.length > 6 && (
          <div className={styles.search}>
            <SearchField label={text('find')} value={search} onChange={setSearch} />
          </div>
        )}
      </PageHeader>
      <div className={styles.page}>
        {list()}
        <Door now={now} onRegister={(refusal) => setDraft(draftFor(refusal))} />
      </div>
      {draft !== undefined && <RegisterDialog draft={draft} onClose={() => setDraft(undefined)} />}
      {open !== undefined && (
        <DeviceDrawer key={open.id} device={open} now={now} onClose={() => goTo(null)} />
      )}
    </>
  );
};
