import { accountsApi } from '@archwire/contracts/api/accounts';
import { Button, Card, PasswordField, toasts, useText } from '@archwire/ui';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { NewPasswordFields, newPasswordFault } from '../sign-in/new-password-fields.tsx';
import { messages as signInMessages } from '../sign-in/messages.ts';
import { useWork } from '../sign-in/use-work.ts';
import { messages } from './messages.ts';
import styles from './settings.module.css';

const EMPTY = { next: '', repeat: '' };

/** Another password, proved by the one of now. */
export const ChangePassword = ({ email }: { readonly email: string }) => {
  const text = useText(messages);
  const faults = useText(signInMessages);
  const { working, wrong, say, run } = useWork();
  const [isOpen, setIsOpen] = useState(false);
  const [current, setCurrent] = useState('');
  const [value, setValue] = useState(EMPTY);
  const change = async () => {
    await call(accountsApi.changePassword, { body: { current, next: value.next } });
    setCurrent('');
    setValue(EMPTY);
    setIsOpen(false);
    toasts.show({ tone: 'ok', text: text('passwordChanged') });
  };
  return (
    <Card title={text('password')}>
      {!isOpen && (
        <div className={styles.between}>
          <p className={styles.quiet}>{text('passwordLead')}</p>
          <Button onPress={() => setIsOpen(true)}>{text('changePassword')}</Button>
        </div>
      )}
      {isOpen && (
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            const fault = newPasswordFault(value);
            if (fault === undefined) void run(change);
            else say(faults(fault));
          }}
        >
          {wrong !== undefined && (
            <p role="alert" className={styles.wrong}>
              {wrong}
            </p>
          )}
          <PasswordField
            label={text('current')}
            name="current"
            autoComplete="current-password"
            value={current}
            onChange={setCurrent}
            isRequired
          />
          <NewPasswordFields value={value} onChange={setValue} email={email} />
          <div className={styles.row}>
            <Button type="submit" tone="primary" isPending={working}>
              {text('changePassword')}
            </Button>
            <Button onPress={() => setIsOpen(false)}>{text('cancel')}</Button>
          </div>
        </form>
      )}
    </Card>
  );
};
