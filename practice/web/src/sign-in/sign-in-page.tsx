import { Button, classes, TextField, useText } from '@archwire/ui';
import { useEffect, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { ApiProblem } from '../api/api-problem.ts';
import { session } from '../api/session.ts';
import { useSession } from '../api/use-session.ts';
import { messages } from './messages.ts';
import styles from './sign-in-page.module.css';
import { wayBack } from './way-back.ts';

/** E-mail, password and, for those who have one, the code of the authenticator; then back to where one wanted to be. */
export const SignInPage = () => {
  const text = useText(messages);
  const state = useSession();
  const { search } = useLocation();
  const navigate = useNavigate();
  const [asksForCode, setAsksForCode] = useState(false);
  const [working, setWorking] = useState(false);
  const [wrong, setWrong] = useState<string>();

  useEffect(() => {
    if (state.status === 'unknown') void session.renew().catch(() => session.end(false));
    if (state.status !== 'signed-in') return;
    const { to, outside } = wayBack(search, location.origin);
    if (state.next !== null) location.replace(`/setup?return=${encodeURIComponent(to)}`);
    else if (outside) location.replace(to);
    else void navigate(to, { replace: true });
  }, [state, search, navigate]);

  const explain = (error: unknown): string => {
    if (!(error instanceof ApiProblem)) return text('failed');
    if (error.kind === 'offline') return text('offline');
    if (error.kind === 'rate-limited')
      return text('locked', { seconds: Number(error.details['retryAfterSeconds'] ?? 30) });
    if (error.reason === 'credentials') return text('credentials');
    return text(error.reason === 'totp-invalid' ? 'totpInvalid' : 'failed');
  };

  const submit = async (form: FormData) => {
    const read = (name: string): string => {
      const value = form.get(name);
      return typeof value === 'string' ? value : '';
    };
    const code = read('totp').replaceAll(/\s/g, '');
    setWorking(true);
    setWrong(undefined);
    try {
      await session.signIn({
        email: read('email').trim(),
        password: read('password'),
        ...(code === '' ? {} : { totp: code }),
      });
    } catch (error) {
      setWorking(false);
      if (error instanceof ApiProblem && error.reason === 'totp-required') setAsksForCode(true);
      else setWrong(explain(error));
    }
  };

  const ended = state.status === 'signed-out' && state.ended && wrong === undefined;
  return (
    <main className={styles.page}>
      <form
        className={classes(styles.card)}
        onSubmit={(event) => {
          event.preventDefault();
          if (!working) void submit(new FormData(event.currentTarget));
        }}
      >
        <h1>{text('title')}</h1>
        {ended && <p role="status">{text('ended')}</p>}
        {wrong !== undefined && (
          <p role="alert" className={styles.wrong}>
            {wrong}
          </p>
        )}
        <TextField label={text('email')} name="email" type="email" autoComplete="username" isRequired />
        <TextField
          label={text('password')}
          name="password"
          type="password"
          autoComplete="current-password"
          isRequired
        />
        {asksForCode && (
          <TextField
            label={text('totp')}
            description={text('totpHint')}
            name="totp"
            inputMode="numeric"
            autoComplete="one-time-code"
            isRequired
            // The person asked for it a moment ago by pressing the button.
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
          />
        )}
        <Button type="submit" tone="primary" wide isPending={working}>
          {text('submit')}
        </Button>
      </form>
    </main>
  );
};
