import { accountsApi } from '@archwire/contracts/api/accounts';
import { Button, useText } from '@archwire/ui';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { session } from '../api/session.ts';
import { endpointKey } from '../api/use-endpoint.ts';
import { useMe } from '../api/use-me.ts';
import { useSession } from '../api/use-session.ts';
import { Waiting } from '../shell/waiting.tsx';
import { AlertStep } from './alert-step.tsx';
import { CredentialsStep } from './credentials-step.tsx';
import { Door } from './door.tsx';
import styles from './door.module.css';
import { EnrolStep } from './enrol-step.tsx';
import { firstPage } from './first-page.ts';
import { messages } from './messages.ts';
import { OwnPasswordStep } from './own-password-step.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import { wayBack } from './way-back.ts';

/** Leads on somebody who is signed in: back to where they wanted to be. */
const Onward = ({ search }: { readonly search: string }) => {
  const me = useMe();
  const navigate = useNavigate();
  const left = useRef(false);
  useEffect(() => {
    if (me === undefined || me.alert !== null || left.current) return;
    left.current = true;
    const { to, outside } = wayBack(search, location.origin);
    const leave = async () => {
      if (outside) location.replace(to);
      else
        await navigate(new URLSearchParams(search).has('return') ? to : await firstPage(me), {
          replace: true,
        });
    };
    void leave();
  }, [me, search, navigate]);
  return me?.alert == null ? <Waiting /> : <AlertStep at={me.alert.at} />;
};

/** From whoever comes to somebody whose account is complete, one step at a time; then back to where they wanted to be. */
export const SignInPage = () => {
  const text = useText(messages);
  const state = useSession();
  const me = useMe(state.status === 'signed-in');
  const client = useQueryClient();
  const { search } = useLocation();
  const [password, setPassword] = useState('');
  const [codes, setCodes] = useState<readonly string[]>();
  /** Whether the first of the steps was done here, for the count. */
  const [changed, setChanged] = useState(false);
  const next = state.status === 'signed-in' ? state.next : null;

  useEffect(() => {
    if (state.status === 'unknown') void session.renew().catch(() => session.end(false));
  }, [state.status]);
  if (next === 'change-password' && !changed) setChanged(true);

  if (state.status === 'unknown') return <Waiting />;
  if (state.status === 'signed-out') return <CredentialsStep state={state} onPassword={setPassword} />;
  const step = (at: number): string => text('step', { step: changed ? at : at - 1, steps: changed ? 3 : 2 });
  if (codes !== undefined) {
    const finish = async () => {
      // What they may do has just changed.
      client.removeQueries({ queryKey: endpointKey(accountsApi.me) });
      await session.renew();
      setCodes(undefined);
    };
    return (
      <Door title={text('codesTitle')} lead={text('codesLead')} step={step(3)}>
        <div className={styles.form}>
          <RecoveryCodes codes={codes} email={me?.email ?? ''} />
          <Button tone="primary" wide onPress={() => void finish()}>
            {text('codesKept')}
          </Button>
        </div>
      </Door>
    );
  }
  if (next === 'change-password')
    return <OwnPasswordStep typed={password} step={text('step', { step: 1, steps: 3 })} />;
  if (next === 'enrol-totp') return <EnrolStep step={step(2)} onConfirmed={setCodes} />;
  return <Onward search={search} />;
};
