import { devicesApi } from '@archwire/contracts/api/devices';
import { Button, DefinitionList, Select, Skeleton, Status, TextField, useText } from '@archwire/ui';
import { useState } from 'react';
import { ApiProblem } from '../api/api-problem.ts';
import { useAction } from '../api/use-action.ts';
import { useEndpoint } from '../api/use-endpoint.ts';
import { messages as settingsMessages } from '../settings/messages.ts';
import { messages } from './messages.ts';
import { StepFrame } from './step-frame.tsx';
import styles from './welcome.module.css';

/** What to type into the first device, and what to type here. */
export const DeviceStep = ({ onDone }: { readonly onDone: () => void }) => {
  const text = useText(messages);
  const words = useText(settingsMessages);
  const receiver = useEndpoint(devicesApi.receiver, {}).data;
  const devices = useEndpoint(devicesApi.list, {}).data?.devices ?? [];
  const places = useEndpoint(devicesApi.locations, {}).data?.locations ?? [];
  const register = useAction(devicesApi.register, { changes: [devicesApi.list] });
  const [name, setName] = useState('');
  const [aeTitle, setAeTitle] = useState('');
  const [locationId, setLocationId] = useState<string>();
  const chosen = locationId ?? places.find(({ isDefault }) => isDefault)?.id ?? null;
  const explain = (error: unknown): string => {
    if (!(error instanceof ApiProblem)) return text('failed');
    if (error.reason === 'device-taken') return text('deviceTaken');
    return text(error.kind === 'invalid' ? 'aeInvalid' : 'failed');
  };
  const active = devices.filter((device) => device.active);
  return (
    <StepFrame
      title={text('deviceTitle')}
      lead={text('deviceLead')}
      foot={
        <Button tone={active.length > 0 ? 'primary' : 'plain'} onPress={onDone}>
          {text(active.length > 0 ? 'next' : 'later')}
        </Button>
      }
    >
      <div className={styles.card}>
        {receiver === undefined ? (
          <Skeleton lines={3} />
        ) : (
          <DefinitionList
            items={[
              { label: text('aeTitle'), value: receiver.aeTitle },
              {
                label: text('host'),
                value: receiver.hosts.length === 0 ? text('onlyHere') : receiver.hosts.join(', '),
              },
              { label: text('port'), value: String(receiver.port) },
              ...(receiver.tlsPort === null
                ? []
                : [{ label: text('tlsPort'), value: String(receiver.tlsPort) }]),
            ]}
          />
        )}
      </div>
      {active.length > 0 && (
        <ul className={styles.places}>
          {active.slice(0, 5).map((device) => (
            <li key={device.id}>
              <Status tone="ok" quiet>
                {text('registered')}
              </Status>
              <span>
                <b>{device.name}</b>
                <small>{device.aeTitle}</small>
              </span>
            </li>
          ))}
        </ul>
      )}
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (register.isPending) return;
          register.mutate(
            { body: { name: name.trim(), aeTitle: aeTitle.trim(), locationId: chosen } },
            {
              onSuccess: () => {
                setName('');
                setAeTitle('');
              },
            },
          );
        }}
      >
        <TextField
          label={text('deviceName')}
          name="device-name"
          autoComplete="off"
          placeholder="Pano"
          value={name}
          onChange={setName}
          maxLength={200}
          isRequired
        />
        <TextField
          label={text('deviceAe')}
          description={text('deviceAeHint')}
          name="device-ae"
          autoComplete="off"
          placeholder="PANO1"
          value={aeTitle}
          onChange={setAeTitle}
          maxLength={16}
          error={register.isError ? explain(register.error) : undefined}
          isRequired
        />
        {places.length > 1 && (
          <Select
            label={words('location')}
            value={chosen}
            onChange={setLocationId}
            options={places.map(({ id, name: label }) => ({ id, label }))}
          />
        )}
        <div className={styles.foot}>
          <Button type="submit" tone={active.length > 0 ? 'plain' : 'primary'} isPending={register.isPending}>
            {text('register')}
          </Button>
        </div>
      </form>
    </StepFrame>
  );
};
