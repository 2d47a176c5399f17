import { accountsApi } from '@archwire/contracts/api/accounts';
import { Button, Link, Skeleton, TextField, useText } from '@archwire/ui';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { useEndpoint } from '../api/use-endpoint.ts';
import { languageChoice } from '../i18n/language.ts';
import { Door } from './door.tsx';
import styles from './door.module.css';
import { LockoutNotice } from './lockout-notice.tsx';
import { messages } from './messages.ts';
import { Notice } from './notice.tsx';
import { useWork } from './use-work.ts';

/** Asks for a link by e-mail; whether the address is known is told to nobody. */
export const ForgottenPage = () => {
  const text = useText(messages);
  const language = languageChoice.use();
  const options = useEndpoint(accountsApi.options, {}, { staleTime: 60_000 });
  const { working, wrong, lockedUntil, run } = useWork();
  const [email, setEmail] = useState('');
  const [sentTo, setSentTo] = useState<string>();
  const [over, setOver] = useState<number>();
  const back = <Link href="/sign-in">{text('back')}</Link>;
  const send = async () => {
    await call(accountsApi.forgottenPassword, { body: { email: email.trim(), language } });
    setSentTo(email.trim());
  };
  if (sentTo !== undefined) {
    return (
      <Door title={text('sentTitle')} lead={text('sentText', { email: sentTo })}>
        {back}
      </Door>
    );
  }
  if (options.data === undefined && !options.isError) {
    return (
      <Door title={text('forgottenTitle')}>
        <Skeleton lines={3} />
      </Door>
    );
  }
  if (options.data?.passwordReset === false) {
    return (
      <Door title={text('forgottenTitle')} lead={text('noMailText')}>
        {back}
      </Door>
    );
  }
  return (
    <Door title={text('forgottenTitle')} lead={text('forgottenLead')}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void run(send);
        }}
      >
        {wrong !== undefined && <Notice tone="danger">{wrong}</Notice>}
        {lockedUntil !== null && lockedUntil !== over && (
          <LockoutNotice key={lockedUntil} until={lockedUntil} onOver={() => setOver(lockedUntil)} />
        )}
        <TextField
          label={text('email')}
          name="email"
          type="email"
          autoComplete="username"
          value={email}
          onChange={setEmail}
          isRequired
        />
        <Button type="submit" tone="primary" wide isPending={working}>
          {text('sendLink')}
        </Button>
        {back}
      </form>
    </Door>
  );
};
