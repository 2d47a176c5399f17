import { PasswordField, useText } from '@archwire/ui';
import { messages } from './messages.ts';

const SHORTEST = 12;

export interface NewPassword {
  readonly next: string;
  readonly repeat: string;
}

/** What is wrong with it before it is sent, as a key of the texts. */
export const newPasswordFault = ({ next, repeat }: NewPassword): 'short' | 'differs' | undefined => {
  if (next.length < SHORTEST) return 'short';
  return next === repeat ? undefined : 'differs';
};

/** A new password, twice. */
export const NewPasswordFields = ({
  value,
  onChange,
  email,
}: {
  readonly value: NewPassword;
  readonly onChange: (value: NewPassword) => void;
  /** So that a password manager files it under the right name. */
  readonly email: string;
}) => {
  const text = useText(messages);
  return (
    <>
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
      <PasswordField
        label={text('newPassword')}
        description={text('passwordHint')}
        name="next"
        autoComplete="new-password"
        value={value.next}
        onChange={(next) => onChange({ ...value, next })}
        isRequired
      />
      <PasswordField
        label={text('repeat')}
        name="repeat"
        autoComplete="new-password"
        value={value.repeat}
        onChange={(repeat) => onChange({ ...value, repeat })}
        isRequired
      />
    </>
  );
};
