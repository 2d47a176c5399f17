import { accountsApi } from '@archwire/contracts/api/accounts';
import { Button, Card, Dialog, PasswordField, Status, useText } from '@archwire/ui';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { endpointKey } from '../api/use-endpoint.ts';
import type { Me } from '../api/use-me.ts';
import { Enrolment, type TotpSetup } from '../sign-in/enrolment.tsx';
import { messages as signInMessages } from '../sign-in/messages.ts';
import { RecoveryCodes } from '../sign-in/recovery-codes.tsx';
import { useWork } from '../sign-in/use-work.ts';
import { messages } from './messages.ts';
import styles from './settings.module.css';

type Step =
  | { readonly at: 'password'; readonly goal: 'enrol' | 'codes' }
  | { readonly at: 'enrol'; readonly setup: TotpSetup }
  | { readonly at: 'codes'; readonly codes: readonly string[] };

/** The authenticator app and its recovery codes: set up, replaced, renewed. */
export const SecondFactor = ({ me }: { readonly me: Me }) => {
  const text = useText(messages);
  const words = useText(signInMessages);
  const client = useQueryClient();
  const { working, wrong, run } = useWork();
  const [step, setStep] = useState<Step>();
  const [password, setPassword] = useState('');
  const close = () => {
    setStep(undefined);
    setPassword('');
    void client.invalidateQueries({ queryKey: endpointKey(accountsApi.me) });
  };
  const enrol = async (proof: { readonly password?: string }) => {
    setStep({ at: 'enrol', setup: await call(accountsApi.beginTotp, { body: proof }) });
  };
  const renew = async () => {
    const { recoveryCodes } = await call(accountsApi.renewRecoveryCodes, { body: { password } });
    setStep({ at: 'codes', codes: recoveryCodes });
  };
  const left = me.recoveryCodesLeft ?? 0;
  return (
    <Card title={text('secondFactor')}>
      <div className={styles.between}>
        <div className={styles.grow}>
          <Status tone={me.totpEnrolled ? 'ok' : 'idle'}>
            {text(me.totpEnrolled ? 'totpOn' : 'totpOff')}
          </Status>
          <p className={styles.quiet}>{text(me.totpEnrolled ? 'totpOnLead' : 'totpOffLead')}</p>
        </div>
        <Button
          isPending={working && step === undefined}
          onPress={() =>
            me.totpEnrolled ? setStep({ at: 'password', goal: 'enrol' }) : void run(() => enrol({}))
          }
        >
          {text(me.totpEnrolled ? 'totpReplace' : 'totpSetUp')}
        </Button>
      </div>
      {me.totpEnrolled && (
        <div className={styles.between}>
          <Status tone={left === 0 ? 'danger' : left < 4 ? 'warn' : 'ok'} quiet>
            {text('codesLeft', { count: left })}
          </Status>
          <Button onPress={() => setStep({ at: 'password', goal: 'codes' })}>{text('codesRenew')}</Button>
        </div>
      )}
      {wrong !== undefined && step === undefined && (
        <p role="alert" className={styles.wrong}>
          {wrong}
        </p>
      )}
      {step?.at === 'password' && (
        <Dialog
          isOpen
          onClose={close}
          title={text(step.goal === 'enrol' ? 'totpReplace' : 'codesRenew')}
          lead={text(step.goal === 'enrol' ? 'totpReplaceLead' : 'codesRenewLead')}
        >
          <form
            className={styles.form}
            onSubmit={(event) => {
              event.preventDefault();
              void run(step.goal === 'enrol' ? () => enrol({ password }) : renew);
            }}
          >
            <PasswordField
              label={text('yourPassword')}
              name="proof"
              autoComplete="current-password"
              value={password}
              onChange={setPassword}
              error={wrong}
              isRequired
            />
            <Button type="submit" tone="primary" isPending={working}>
              {text('go')}
            </Button>
          </form>
        </Dialog>
      )}
      {step?.at === 'enrol' && (
        <Dialog isOpen onClose={close} title={words('enrolTitle')} lead={words('enrolLead')}>
          <Enrolment setup={step.setup} onConfirmed={(codes) => setStep({ at: 'codes', codes })} />
        </Dialog>
      )}
      {step?.at === 'codes' && (
        <Dialog
          isOpen
          isBusy
          onClose={close}
          title={words('codesTitle')}
          lead={words('codesLead')}
          footer={
            <Button tone="primary" onPress={close}>
              {text('codesDone')}
            </Button>
          }
        >
          <div className={styles.form}>
            <RecoveryCodes codes={step.codes} email={me.email} />
          </div>
        </Dialog>
      )}
    </Card>
  );
};
