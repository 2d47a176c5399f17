import { Button, TextField, useText } from '@archwire/ui';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Door } from './door.tsx';
import styles from './door.module.css';
import { messages } from './messages.ts';
import { Notice } from './notice.tsx';

const digits = (text: string): string => text.replaceAll(/\D/g, '').slice(0, 6);

/** The code of the authenticator app, sent as soon as it is whole; or a recovery code. */
export const SecondFactorStep = ({
  working,
  wrong,
  lockout,
  isLocked,
  onSubmit,
  onBack,
}: {
  readonly working: boolean;
  readonly wrong: string | undefined;
  readonly lockout: ReactNode;
  readonly isLocked: boolean;
  /** Resolves to whether it was right. */
  readonly onSubmit: (factor: { readonly totp?: string; readonly recoveryCode?: string }) => Promise<boolean>;
  readonly onBack: () => void;
}) => {
  const text = useText(messages);
  const [by, setBy] = useState<'totp' | 'recovery'>('totp');
  const [code, setCode] = useState('');
  const field = useRef<HTMLFormElement>(null);
  const submit = async (value: string): Promise<void> => {
    if (isLocked || value.trim() === '') return;
    const right = await onSubmit(by === 'totp' ? { totp: value } : { recoveryCode: value });
    if (!right) setCode('');
  };
  useEffect(() => {
    if (!working) field.current?.querySelector('input')?.focus();
  }, [working, by]);
  const totp = by === 'totp';
  return (
    <Door title={text(totp ? 'codeTitle' : 'recoveryTitle')} lead={text(totp ? 'codeLead' : 'recoveryLead')}>
      <form
        ref={field}
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void submit(code);
        }}
      >
        {wrong !== undefined && <Notice tone="danger">{wrong}</Notice>}
        {lockout}
        {totp ? (
          <div className={styles.code}>
            <TextField
              label={text('code')}
              name="totp"
              inputMode="numeric"
              autoComplete="one-time-code"
              value={code}
              onChange={(value) => {
                const typed = digits(value);
                setCode(typed);
                if (typed.length === 6 && typed !== code && !working) void submit(typed);
              }}
              isDisabled={isLocked}
              isRequired
            />
          </div>
        ) : (
          <TextField
            label={text('recoveryCode')}
            name="recovery"
            autoComplete="off"
            spellCheck="false"
            value={code}
            onChange={setCode}
            isDisabled={isLocked}
            isRequired
          />
        )}
        <Button type="submit" tone="primary" wide isPending={working} isDisabled={isLocked}>
          {text('submit')}
        </Button>
        <div className={styles.between}>
          <Button
            tone="ghost"
            onPress={() => {
              setBy(totp ? 'recovery' : 'totp');
              setCode('');
            }}
          >
            {text(totp ? 'useRecovery' : 'useTotp')}
          </Button>
          <Button tone="ghost" onPress={onBack}>
            {text('otherAccount')}
          </Button>
        </div>
      </form>
    </Door>
  );
};
