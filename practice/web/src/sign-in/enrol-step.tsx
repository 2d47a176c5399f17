import { accountsApi } from '@archwire/contracts/api/accounts';
import { ErrorState, Skeleton, useText } from '@archwire/ui';
import { useEffect, useState } from 'react';
import { call } from '../api/call.ts';
import { Door } from './door.tsx';
import { Enrolment, type TotpSetup } from './enrolment.tsx';
import { messages } from './messages.ts';
import { SignOutButton } from './sign-out-button.tsx';

/** The second factor that the role demands. */
export const EnrolStep = ({
  step,
  onConfirmed,
}: {
  readonly step: string;
  readonly onConfirmed: (recoveryCodes: readonly string[]) => void;
}) => {
  const text = useText(messages);
  const [setup, setSetup] = useState<TotpSetup>();
  const [error, setError] = useState<unknown>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let stale = false;
    call(accountsApi.beginTotp, { body: {} }).then(
      (made) => void (stale || setSetup(made)),
      (problem: unknown) => void (stale || setError(problem)),
    );
    return () => {
      stale = true;
    };
  }, [attempt]);
  return (
    <Door title={text('enrolTitle')} lead={text('enrolLead')} step={step}>
      {error !== undefined ? (
        <ErrorState
          error={error}
          onRetry={() => {
            setError(undefined);
            setAttempt(attempt + 1);
          }}
        />
      ) : setup === undefined ? (
        <Skeleton height={220} />
      ) : (
        <Enrolment setup={setup} onConfirmed={onConfirmed} />
      )}
      <SignOutButton />
    </Door>
  );
};
