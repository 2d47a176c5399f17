import type { EndpointResponse } from '@archwire/contracts/api';
import { accountsApi } from '@archwire/contracts/api/accounts';
import { Button, Link, Skeleton, useText } from '@archwire/ui';
import { useEffect, useState } from 'react';
import { useLocation } from 'react-router';
import { call } from '../api/call.ts';
import { session } from '../api/session.ts';
import { Door } from './door.tsx';
import styles from './door.module.css';
import { messages } from './messages.ts';
import { NewPasswordFields, newPasswordFault } from './new-password-fields.tsx';
import { Notice } from './notice.tsx';
import { useExplain } from './use-explain.ts';
import { useWork } from './use-work.ts';

type OpenLink = EndpointResponse<typeof accountsApi.readLink>;

/** Where a link by e-mail leads: a password of one's own. The secret stands behind the `#`, which no server sees. */
export const LinkPage = () => {
  const text = useText(messages);
  const explain = useExplain();
  const { hash } = useLocation();
  // Read once: the address bar, and whoever looks over a shoulder, need it no longer.
  const [token] = useState(() => hash.slice(1));
  const [link, setLink] = useState<OpenLink>();
  const [broken, setBroken] = useState<string>();
  const [saved, setSaved] = useState(false);
  const [value, setValue] = useState({ next: '', repeat: '' });
  const { working, wrong, say, run } = useWork();

  useEffect(() => {
    history.replaceState(history.state, '', '/sign-in/link');
    let stale = false;
    call(accountsApi.readLink, { body: { token: token === '' ? '-' : token } }).then(
      (open) => void (stale || setLink(open)),
      (error: unknown) => void (stale || setBroken(explain(error))),
    );
    return () => {
      stale = true;
    };
  }, [token, explain]);

  const save = async () => {
    await call(accountsApi.resetPassword, { body: { token, password: value.next } });
    // Every session of the account has just ended, this browser's too.
    session.end(false);
    setSaved(true);
  };

  if (broken !== undefined) {
    return (
      <Door title={text('linkBroken')} lead={broken}>
        <div className={styles.form}>
          <Link look="primary" href="/sign-in/forgotten">
            {text('newLink')}
          </Link>
          <Link href="/sign-in">{text('back')}</Link>
        </div>
      </Door>
    );
  }
  if (saved) {
    return (
      <Door title={text('savedTitle')} lead={text('savedText')}>
        <Link look="primary" href="/sign-in">
          {text('submit')}
        </Link>
      </Door>
    );
  }
  if (link === undefined) {
    return (
      <Door title={text('linkTitle')}>
        <Skeleton lines={4} />
      </Door>
    );
  }
  const invited = link.purpose === 'invitation';
  return (
    <Door
      title={invited ? text('linkInvitationTitle', { name: link.displayName }) : text('linkTitle')}
      lead={text(invited ? 'linkInvitationLead' : 'linkResetLead', { email: link.email })}
    >
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
        <NewPasswordFields value={value} onChange={setValue} email={link.email} />
        <Button type="submit" tone="primary" wide isPending={working}>
          {text('savePassword')}
        </Button>
      </form>
    </Door>
  );
};
