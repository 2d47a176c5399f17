import { Button, Link, PasswordField, TextField, useText } from '@archwire/ui';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { ApiProblem } from '../api/api-problem.ts';
import { session, type SessionState } from '../api/session.ts';
import { Door } from './door.tsx';
import styles from './door.module.css';
import { LockoutNotice } from './lockout-notice.tsx';
import { messages } from './messages.ts';
import { Notice } from './notice.tsx';
import { SecondFactorStep } from './second-factor-step.tsx';
import { useWork } from './use-work.ts';

const REASONS = [
  'ended-elsewhere',
  'sign-out-everywhere',
  'password-changed',
  'administrator',
  'deactivated',
  'token-reused',
] as const;

/** E-mail and password, then, for those who have one, the second factor. */
export const CredentialsStep = ({
  state,
  onPassword,
}: {
  readonly state: Extract<SessionState, { status: 'signed-out' }>;
  /** What was typed, for the step that replaces a one-time password. */
  readonly onPassword: (password: string) => void;
}) => {
  const text = useText(messages);
  const { working, wrong, lockedUntil, run } = useWork();
  const client = useQueryClient();
  // What the person before saw is none of the next one's business.
  useEffect(() => client.clear(), [client]);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [asksForFactor, setAsksForFactor] = useState(false);
  const [over, setOver] = useState<number>();

  const signIn = async (factor: { readonly totp?: string; readonly recoveryCode?: string } = {}) => {
    onPassword(password);
    try {
      await session.signIn({ email: email.trim(), password, ...factor });
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.reason !== 'totp-required') throw error;
      setAsksForFactor(true);
    }
  };

  const isLocked = lockedUntil !== null && lockedUntil !== over;
  const lockout =
    lockedUntil === null ? null : isLocked ? (
      <LockoutNotice key={lockedUntil} until={lockedUntil} onOver={() => setOver(lockedUntil)} />
    ) : (
      <Notice tone="ok">{text('unlocked')}</Notice>
    );

  if (asksForFactor) {
    return (
      <SecondFactorStep
        working={working}
        wrong={wrong}
        lockout={lockout}
        isLocked={isLocked}
        onSubmit={(factor) => run(() => signIn(factor))}
        onBack={() => {
          setAsksForFactor(false);
          setPassword('');
        }}
      />
    );
  }

  const reason = REASONS.find((known) => known === state.because);
  return (
    <Door title={text('title')}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!isLocked) void run(() => signIn());
        }}
      >
        {state.ended && wrong === undefined && lockout === null && (
          <Notice tone={reason === 'token-reused' ? 'danger' : 'info'}>
            {text(reason === undefined ? 'ended' : `ended-${reason}`)}
          </Notice>
        )}
        {wrong !== undefined && <Notice tone="danger">{wrong}</Notice>}
        {lockout}
        <TextField
          label={text('email')}
          name="email"
          type="email"
          autoComplete="username"
          value={email}
          onChange={setEmail}
          isRequired
          // The page is there for this one field.
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
        />
        <PasswordField
          label={text('password')}
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
          isRequired
        />
        <Button type="submit" tone="primary" wide isPending={working} isDisabled={isLocked}>
          {text('submit')}
        </Button>
        <div className={styles.between}>
          <Link href="/sign-in/forgotten">{text('forgotten')}</Link>
        </div>
      </form>
    </Door>
  );
};
