import { AeTitle } from '@archwire/contracts/ae-title';
import type { DicomService } from '@archwire/contracts/dicom-service';
import {
  DEFAULT_SERVICES,
  type DeviceKind,
  deviceKinds,
  devicesApi,
  Host,
} from '@archwire/contracts/api/devices';
import { Select, Switch, TextField, useText } from '@archwire/ui';
import { useEndpoint } from '../api/use-endpoint.ts';
import type { Device } from './device.ts';
import styles from './devices.module.css';
import { messages } from './messages.ts';
import { ServicesField } from './services-field.tsx';

/** What is being written, as text. */
export interface DeviceDraft {
  readonly name: string;
  readonly kind: DeviceKind;
  readonly aeTitle: string;
  readonly calledAe: string;
  readonly address: string;
  readonly locationId: string | null;
  readonly issuer: string;
  readonly host: string;
  readonly port: string;
  readonly echoAe: string;
  readonly tls: boolean;
  readonly services: readonly DicomService[];
  readonly notifyAvailability: boolean;
  readonly watchFolder: string;
  readonly notes: string;
}

export const EMPTY_DRAFT: DeviceDraft = {
  name: '',
  kind: 'other',
  aeTitle: '',
  calledAe: '',
  address: '',
  locationId: null,
  issuer: '',
  host: '',
  port: '',
  echoAe: '',
  tls: false,
  services: DEFAULT_SERVICES.other,
  notifyAvailability: false,
  watchFolder: '',
  notes: '',
};

/** A device as one writes it. */
export const draftOf = (device: Device): DeviceDraft => ({
  name: device.name,
  kind: device.kind,
  aeTitle: device.aeTitle,
  calledAe: device.calledAe ?? '',
  address: device.address ?? '',
  locationId: device.locationId,
  issuer: device.issuer ?? '',
  host: device.host ?? '',
  port: device.port === null ? '' : String(device.port),
  echoAe: device.echoAe ?? '',
  tls: device.tls,
  services: device.services,
  notifyAvailability: device.notifyAvailability,
  watchFolder: device.watchFolder ?? '',
  notes: device.notes ?? '',
});

/** Fields that are written as text. */
type TextKey = Exclude<keyof DeviceDraft, 'kind' | 'tls' | 'locationId' | 'services' | 'notifyAvailability'>;
type Fault = 'required' | 'badAe' | 'badAddress' | 'badHost' | 'badPort' | 'badFolder';
type Faults = Partial<Record<keyof DeviceDraft, Fault>>;

/** As the API takes it. */
const FOLDER = /^(?!done$|refused$)[a-z0-9][a-z0-9_-]{0,62}$/;

const isAddress = (text: string): boolean =>
  !/[a-z]/i.test(text.replaceAll(/[\da-f:]/gi, '')) && /[.:]/.test(text) && Host.safeParse(text).success;

/** What cannot be sent so. */
export const faultsOf = (draft: DeviceDraft): Faults => {
  const ae = (text: string): Fault | undefined =>
    text.trim() === '' || AeTitle.safeParse(text).success ? undefined : 'badAe';
  const found: readonly (readonly [keyof DeviceDraft, Fault | undefined])[] = [
    ['name', draft.name.trim() === '' ? 'required' : undefined],
    ['aeTitle', draft.aeTitle.trim() === '' ? 'required' : ae(draft.aeTitle)],
    ['calledAe', ae(draft.calledAe)],
    ['echoAe', ae(draft.echoAe)],
    ['address', draft.address.trim() === '' || isAddress(draft.address.trim()) ? undefined : 'badAddress'],
    ['host', draft.host.trim() === '' || Host.safeParse(draft.host).success ? undefined : 'badHost'],
    [
      'port',
      draft.port.trim() === '' ||
      (/^\d{1,5}$/.test(draft.port.trim()) && Number(draft.port) >= 1 && Number(draft.port) <= 65_535)
        ? undefined
        : 'badPort',
    ],
    ['watchFolder', draft.watchFolder === '' || FOLDER.test(draft.watchFolder) ? undefined : 'badFolder'],
  ];
  return Object.fromEntries(found.filter(([, fault]) => fault !== undefined));
};

/** As the API takes it: what is empty is nothing. */
export const bodyOf = (draft: DeviceDraft) => {
  const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());
  return {
    name: draft.name.trim(),
    kind: draft.kind,
    aeTitle: draft.aeTitle.trim(),
    calledAe: orNull(draft.calledAe),
    address: orNull(draft.address),
    locationId: draft.locationId,
    issuer: orNull(draft.issuer),
    host: orNull(draft.host),
    port: draft.port.trim() === '' ? null : Number(draft.port),
    echoAe: orNull(draft.echoAe),
    tls: draft.tls,
    services: [...draft.services],
    notifyAvailability: draft.notifyAvailability,
    watchFolder: orNull(draft.watchFolder),
    notes: orNull(draft.notes),
  };
};

/** The fields of a device. Faults are shown once somebody tried to send. */
export const DeviceForm = ({
  draft,
  onChange,
  showFaults,
  isDisabled = false,
}: {
  readonly draft: DeviceDraft;
  readonly onChange: (draft: DeviceDraft) => void;
  readonly showFaults: boolean;
  readonly isDisabled?: boolean;
}) => {
  const text = useText(messages);
  const { data } = useEndpoint(devicesApi.locations, {});
  const receiver = useEndpoint(devicesApi.receiver, {});
  const faults: Faults = showFaults ? faultsOf(draft) : {};
  const locations = data?.locations ?? [];
  const fallback = locations.find(({ isDefault }) => isDefault)?.id ?? null;
  const field = (name: TextKey, description?: string) => {
    const fault = faults[name];
    return {
      name,
      label: text(name),
      value: draft[name],
      onChange: (value: string) => onChange({ ...draft, [name]: value }),
      isDisabled,
      ...(description === undefined ? {} : { description }),
      ...(fault === undefined ? {} : { error: text(fault) }),
    };
  };
  const setKind = (kind: DeviceKind) => {
    // What a kind may ask for follows it as long as nobody chose otherwise.
    const untouched = draft.services.join() === DEFAULT_SERVICES[draft.kind].join();
    onChange({ ...draft, kind, services: untouched ? DEFAULT_SERVICES[kind] : draft.services });
  };
  const whereItListens = (
    <>
      <div className={styles.pair}>
        <TextField {...field('host', text('hostHint'))} maxLength={253} />
        <TextField {...field('port')} inputMode="numeric" maxLength={5} />
      </div>
      <div className={styles.pair}>
        <TextField {...field('echoAe', text('echoAeHint'))} maxLength={16} />
        <div className={styles.switch}>
          <Switch
            isSelected={draft.tls}
            onChange={(tls) => onChange({ ...draft, tls })}
            isDisabled={isDisabled}
          >
            {text('tls')}
          </Switch>
        </div>
      </div>
    </>
  );
  const howItCalls = (
    <div className={styles.pair}>
      <TextField {...field('calledAe', text('calledAeHint'))} maxLength={16} />
      <TextField {...field('issuer', text('issuerHint'))} maxLength={64} />
    </div>
  );
  // Of an archive or a workstation one first asks where it is, of equipment from where it sends.
  const isNode = draft.kind === 'archive' || draft.kind === 'workstation';
  return (
    <div className={styles.form}>
      <TextField {...field('name', text('nameHint'))} isRequired maxLength={200} />
      <div className={styles.pair}>
        <Select
          label={text('kind')}
          options={deviceKinds.map((id) => ({ id, label: text(id) }))}
          value={draft.kind}
          onChange={setKind}
          isDisabled={isDisabled}
        />
        <Select
          label={text('location')}
          options={locations.map(({ id, name }) => ({ id, label: name }))}
          value={draft.locationId ?? fallback}
          onChange={(locationId) => onChange({ ...draft, locationId })}
          isDisabled={isDisabled}
        />
      </div>
      <div className={styles.pair}>
        <TextField {...field('aeTitle', text('aeTitleHint'))} isRequired maxLength={16} />
        <TextField {...field('address', text('addressHint'))} maxLength={45} />
      </div>
      {isNode ? whereItListens : howItCalls}
      <ServicesField
        services={draft.services}
        notifyAvailability={draft.notifyAvailability}
        onChange={(services) => onChange({ ...draft, services })}
        onNotify={(notifyAvailability) => onChange({ ...draft, notifyAvailability })}
        isDisabled={isDisabled}
      />
      <h3 className={styles.part}>{text(isNode ? 'howItCalls' : 'backward')}</h3>
      {isNode ? howItCalls : whereItListens}
      {receiver.data?.watchDir != null && (
        <TextField
          {...field('watchFolder', text('watchFolderHint', { root: receiver.data.watchDir }))}
          maxLength={63}
        />
      )}
      <TextField {...field('notes')} rows={3} maxLength={2000} />
    </div>
  );
};
