import { ROLES, type Role } from '@archwire/contracts';
import { usersApi } from '@archwire/contracts/api/users';
import { Button, Dialog, Select, TextField, toasts, useText } from '@archwire/ui';
import { useState } from 'react';
import { useAction } from '../api/use-action.ts';
import { messages as shellMessages } from '../shell/messages.ts';
import { messages } from './messages.ts';
import styles from './settings.module.css';
import { useProblemText } from './use-problem-text.ts';
import type { User } from './users-page.tsx';

const isRole = (name: string): name is Role => name in ROLES;
const ROLE_NAMES = Object.keys(ROLES).filter(isRole);

/** What somebody is called, and what they may do. */
export const EditUserDialog = ({ user, onClose }: { readonly user: User; readonly onClose: () => void }) => {
  const text = useText(messages);
  const roles = useText(shellMessages);
  const explain = useProblemText();
  const update = useAction(usersApi.update, { changes: [usersApi.list] });
  const [name, setName] = useState(user.displayName);
  const [role, setRole] = useState<Role>(user.role);
  const save = () =>
    update.mutate(
      { params: { id: user.id }, body: { displayName: name.trim(), role } },
      {
        onSuccess: () => {
          toasts.show({ tone: 'ok', text: text('saved') });
          onClose();
        },
      },
    );
  return (
    <Dialog isOpen onClose={onClose} title={text('editTitle', { name: user.displayName })} lead={user.email}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!update.isPending) save();
        }}
      >
        {update.isError && (
          <p role="alert" className={styles.wrong}>
            {explain(update.error)}
          </p>
        )}
        <TextField
          label={text('name')}
          name="edit-name"
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
        <div className={styles.row}>
          <Button type="submit" tone="primary" isPending={update.isPending}>
            {text('save')}
          </Button>
          <Button onPress={onClose}>{text('cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
};
