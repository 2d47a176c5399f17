import { ROLES, type Role } from '@archwire/contracts';
import { accountsApi } from '@archwire/contracts/api/accounts';
import { usersApi } from '@archwire/contracts/api/users';
import { Button, Dialog, RadioGroup, Select, TextField, toasts, useText } from '@archwire/ui';
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

/** Adds somebody, who gets a link by e-mail or a one-time password to be told. */
export const InviteDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const text = useText(messages);
  const roles = useText(shellMessages);
  const explain = useProblemText();
  const mail = useEndpoint(accountsApi.options, {}, { staleTime: 60_000 }).data?.passwordReset ?? false;
  const create = useAction(usersApi.create, { changes: [usersApi.list] });
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('assistant');
  const [by, setBy] = useState<'email' | 'one-time-password'>();
  const [made, setMade] = useState<{ readonly name: string; readonly password: string }>();
  const passwordBy = by ?? (mail ? 'email' : 'one-time-password');
  if (made !== undefined) {
    return (
      <Dialog
        isOpen
        onClose={onClose}
        title={text('oneTimeTitle')}
        lead={text('oneTimeLead', { name: made.name })}
        footer={
          <Button tone="primary" onPress={onClose}>
            {text('oneTimeDone')}
          </Button>
        }
      >
        <ShownOnce secret={made.password} />
      </Dialog>
    );
  }
  const submit = () =>
    create.mutate(
      { body: { email: email.trim(), displayName: name.trim(), role, passwordBy } },
      {
        onSuccess: ({ user, oneTimePassword }) => {
          if (oneTimePassword !== null) setMade({ name: user.displayName, password: oneTimePassword });
          else {
            toasts.show({ tone: 'ok', text: text('invited', { email: user.email }) });
            onClose();
          }
        },
      },
    );
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={text('invite')}
      lead={text('inviteLead')}
      isBusy={create.isPending}
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!create.isPending) submit();
        }}
      >
        <TextField
          label={text('name')}
          name="displayName"
          autoComplete="off"
          value={name}
          onChange={setName}
          maxLength={200}
          isRequired
        />
        <TextField
          label={text('email')}
          name="invite-email"
          type="email"
          autoComplete="off"
          value={email}
          onChange={setEmail}
          isRequired
          error={create.isError ? explain(create.error) : undefined}
        />
        <Select
          label={text('role')}
          value={role}
          onChange={setRole}
          options={ROLE_NAMES.filter((id) => id !== 'device').map((id) => ({
            id,
            label: roles(`role-${id}`),
          }))}
        />
        {mail && (
          <RadioGroup
            label={text('howIn')}
            value={passwordBy}
            onChange={setBy}
            options={[
              { id: 'email', label: text('byEmail'), description: text('byEmailHint') },
              { id: 'one-time-password', label: text('byPassword'), description: text('byPasswordHint') },
            ]}
          />
        )}
        <div className={styles.row}>
          <Button type="submit" tone="primary" isPending={create.isPending}>
            {text('sendInvitation')}
          </Button>
          <Button onPress={onClose}>{text('cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
};
