import { devicesApi } from '@archwire/contracts/api/devices';
import { Badge, Checkbox, DateField, Select, TextField, useText } from '@archwire/ui';
import { useId } from 'react';
import { useEndpoint } from '../api/use-endpoint.ts';
import { useMay } from '../api/use-me.ts';
import { localDay } from '../studies/local-day.ts';
import { focusInput } from './focus-input.ts';
import { messages } from './messages.ts';
import { describe, isTime, type OrderDraft } from './order-draft.ts';
import { PROCEDURES, type ProcedureId } from './procedures.ts';
import styles from './worklist.module.css';

const ANY = 'any';

/** What is ordered, when and where. Faults are shown once somebody tried to send. */
export const OrderForm = ({
  draft,
  onChange,
  locations,
  showFaults,
}: {
  readonly draft: OrderDraft;
  readonly onChange: (draft: OrderDraft) => void;
  readonly locations: readonly { readonly id: string; readonly name: string }[];
  readonly showFaults: boolean;
}) => {
  const text = useText(messages);
  const id = useId();
  const maySeeDevices = useMay('devices.device.read');
  const { data } = useEndpoint(devicesApi.list, {}, { enabled: maySeeDevices });
  const stations = (data?.devices ?? []).filter(
    (device) =>
      device.active &&
      device.services.includes('worklist') &&
      (draft.locationId === null || device.locationId === draft.locationId),
  );
  const nameOf = (procedure: ProcedureId): string => text(`procedure-${procedure}`);
  const toggle = (procedure: ProcedureId, isWanted: boolean) =>
    onChange({
      ...draft,
      procedures: PROCEDURES.map((each) => each.id).filter((each) =>
        each === procedure ? isWanted : draft.procedures.includes(each),
      ),
    });
  return (
    <>
      <div role="group" aria-labelledby={id} className={styles.procedures} ref={focusInput}>
        <span id={id} className={styles.label}>
          {text('what')}
        </span>
        {PROCEDURES.map(({ id: procedure, modality }) => (
          <Checkbox
            key={procedure}
            isSelected={draft.procedures.includes(procedure)}
            onChange={(isWanted) => toggle(procedure, isWanted)}
          >
            <span className={styles.choice}>
              {nameOf(procedure)}
              <Badge>{modality}</Badge>
            </span>
          </Checkbox>
        ))}
        {showFaults && draft.procedures.length === 0 && (
          <p role="alert" className={styles.wrong}>
            {text('whatMissing')}
          </p>
        )}
      </div>
      <TextField
        label={text('description')}
        description={text('descriptionHint')}
        placeholder={describe({ ...draft, description: '' }, nameOf)}
        value={draft.description}
        onChange={(description) => onChange({ ...draft, description })}
        maxLength={64}
      />
      <div className={styles.pair}>
        <DateField
          label={text('day')}
          value={draft.day}
          onChange={(day) => onChange({ ...draft, day: day ?? draft.day, isHere: day === localDay() })}
        />
        <TextField
          label={text('time')}
          value={draft.time}
          onChange={(time) => onChange({ ...draft, time })}
          maxLength={5}
          {...(isTime(draft.time) ? {} : { error: text('badTime') })}
        />
      </div>
      {maySeeDevices && (
        <div className={styles.pair}>
          {locations.length > 1 && (
            <Select
              label={text('location')}
              options={locations.map((place) => ({ id: place.id, label: place.name }))}
              value={draft.locationId}
              onChange={(locationId) => onChange({ ...draft, locationId, station: null })}
            />
          )}
          <Select
            label={text('station')}
            options={[
              { id: ANY, label: text('anyStation') },
              ...stations.map((device) => ({ id: device.aeTitle, label: device.name })),
            ]}
            value={draft.station ?? ANY}
            onChange={(station) => onChange({ ...draft, station: station === ANY ? null : station })}
          />
        </div>
      )}
      <Checkbox isSelected={draft.isHere} onChange={(isHere) => onChange({ ...draft, isHere })}>
        <span className={styles.service}>
          <strong>{text('isHere')}</strong>
          <span>{text('isHereHint')}</span>
        </span>
      </Checkbox>
      <Checkbox isSelected={draft.isUrgent} onChange={(isUrgent) => onChange({ ...draft, isUrgent })}>
        {text('urgent')}
      </Checkbox>
      <div className={styles.pair}>
        <TextField
          label={text('requestedBy')}
          value={draft.requestedBy}
          onChange={(requestedBy) => onChange({ ...draft, requestedBy })}
          maxLength={60}
        />
        <TextField
          label={text('alerts')}
          description={text('alertsHint')}
          value={draft.alerts}
          onChange={(alerts) => onChange({ ...draft, alerts })}
          maxLength={64}
        />
      </div>
    </>
  );
};
