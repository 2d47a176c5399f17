import type { EndpointResponse } from '@archwire/contracts/api';
import { accountsApi } from '@archwire/contracts/api/accounts';
import { Button, TextField, useText } from '@archwire/ui';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { ApiProblem } from '../api/api-problem.ts';
import styles from './door.module.css';
import { messages } from './messages.ts';
import { Notice } from './notice.tsx';
import { useWork } from './use-work.ts';

export type TotpSetup = EndpointResponse<typeof accountsApi.beginTotp>;

/** The QR code of a new secret, the key for those who cannot scan, and the field for its first code. */
export const Enrolment = ({
  setup,
  onConfirmed,
}: {
  readonly setup: TotpSetup;
  readonly onConfirmed: (recoveryCodes: readonly string[]) => void;
}) => {
  const text = useText(messages);
  const { working, wrong, say, run } = useWork();
  const [code, setCode] = useState('');
  const confirm = async () => {
    try {
      const { recoveryCodes } = await call(accountsApi.confirmTotp, { body: { code } });
      onConfirmed(recoveryCodes);
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.reason !== 'totp-invalid') throw error;
      setCode('');
      say(text('codeWrong'));
    }
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void run(confirm);
      }}
    >
      <div className={styles.qr}>
        <img src={`data:image/svg+xml,${encodeURIComponent(setup.qrSvg)}`} alt={text('qr')} />
        <div className={styles.manual}>
          {text('manual')}
          <code data-testid="totp-secret">{setup.secret.match(/.{1,4}/g)?.join(' ')}</code>
        </div>
      </div>
      {wrong !== undefined && <Notice tone="danger">{wrong}</Notice>}
      <div className={styles.code}>
        <TextField
          label={text('firstCode')}
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          value={code}
          onChange={(value) => setCode(value.replaceAll(/\D/g, '').slice(0, 6))}
          isRequired
        />
      </div>
      <Button type="submit" tone="primary" wide isPending={working} isDisabled={code.length < 6}>
        {text('confirm')}
      </Button>
    </form>
  );
};
