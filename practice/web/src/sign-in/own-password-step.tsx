import { accountsApi } from '@archwire/contracts/api/accounts';
import { Button, PasswordField, useText } from '@archwire/ui';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { session } from '../api/session.ts';
import { endpointKey } from '../api/use-endpoint.ts';
import { useMe } from '../api/use-me.ts';
import { Door } from './door.tsx';
import styles from './door.module.css';
import { messages } from './messages.ts';
import { NewPasswordFields, newPasswordFault } from './new-password-fields.tsx';
import { Notice } from './notice.tsx';
import { SignOutButton } from './sign-out-button.tsx';
import { useWork } from './use-work.ts';

/** A password of one's own in place of the one-time password. */
export const OwnPasswordStep = ({
  typed,
  step,
}: {
  /** The one-time password, when it was typed a moment ago on this very page. */
  readonly typed: string;
  readonly step: string;
}) => {
  const text = useText(messages);
  const client = useQueryClient();
  const me = useMe();
  const { working, wrong, say, run } = useWork();
  const [current, setCurrent] = useState('');
  const [value, setValue] = useState({ next: '', repeat: '' });
  const save = async () => {
    await call(accountsApi.changePassword, {
      body: { current: typed === '' ? current : typed, next: value.next },
    });
    // What they may do has just changed.
    client.removeQueries({ queryKey: endpointKey(accountsApi.me) });
    await session.renew();
  };
  return (
    <Door title={text('ownTitle')} lead={text('ownLead')} step={step}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          const fault = newPasswordFault(value);
          if (fault === undefined) void run(save);
          else say(text(fault));
        }}
      >
        {wrong !== undefined && <Notice tone="danger">{wrong}</Notice>}
        {typed === '' && (
          <PasswordField
            label={text('current')}
            name="current"
            autoComplete="current-password"
            value={current}
            onChange={setCurrent}
            isRequired
          />
        )}
        <NewPasswordFields value={value} onChange={setValue} email={me?.email ?? ''} />
        <Button type="submit" tone="primary" wide isPending={working}>
          {text('next')}
        </Button>
        <SignOutButton />
      </form>
    </Door>
  );
};
