import { ROLES, type Role } from '@archwire/contracts';
import { devicesApi } from '@archwire/contracts/api/devices';
import { usersApi } from '@archwire/contracts/api/users';
import { Button, Dialog, Select, TextField, useText } from '@archwire/ui';
import { useState } from 'react';
import { useAction } from '../api/use-action.ts';
import { useEndpoint } from '../api/use-endpoint.ts';
import { messages as shellMessages } from '../shell/messages.ts';
import { messages } from './messages.ts';
import styles from './settings.module.css';
import { ShownOnce } from './shown-once.tsx';
import { useProblemText } from './use-problem-text.ts';

const isRole = (name: string): name is Role => name in ROLES;
const ROLE_NAMES = Object.keys(ROLES).filter(isRole);

/** Makes a key and shows it, this once. */
export const NewKeyDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const text = useText(messages);
  const roles = useText(shellMessages);
  const explain = useProblemText();
  const locations = useEndpoint(devicesApi.locations, {}).data?.locations ?? [];
  const create = useAction(usersApi.createApiKey, { changes: [usersApi.apiKeys] });
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('device');
  const [locationId, setLocationId] = useState('all');
  if (create.data !== undefined) {
    return (
      <Dialog
        isOpen
        isBusy
        onClose={onClose}
        title={text('keyMade')}
        lead={text('keyMadeLead')}
        footer={
          <Button tone="primary" onPress={onClose}>
            {text('oneTimeDone')}
          </Button>
        }
      >
        <ShownOnce secret={create.data.key} />
      </Dialog>
    );
  }
  return (
    <Dialog isOpen onClose={onClose} title={text('newKey')} isBusy={create.isPending}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!create.isPending)
            create.mutate({
              body: { name: name.trim(), role, locationId: locationId === 'all' ? null : locationId },
            });
        }}
      >
        {create.isError && (
          <p role="alert" className={styles.wrong}>
            {explain(create.error)}
          </p>
        )}
        <TextField
          label={text('keyName')}
          description={text('keyNameHint')}
          name="key-name"
          autoComplete="off"
          value={name}
          onChange={setName}
          maxLength={200}
          isRequired
        />
        <Select
          label={text('role')}
          value={role}
          onChange={setRole}
          options={ROLE_NAMES.map((id) => ({ id, label: roles(`role-${id}`) }))}
        />
        <Select
          label={text('location')}
          value={locationId}
          onChange={setLocationId}
          options={[{ id: 'all', name: text('allLocations') }, ...locations].map(({ id, name: label }) => ({
            id,
            label,
          }))}
        />
        <div className={styles.row}>
          <Button type="submit" tone="primary" isPending={create.isPending}>
            {text('newKey')}
          </Button>
          <Button onPress={onClose}>{text('cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
};
