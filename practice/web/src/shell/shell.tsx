import { classes, useText } from '@archwire/ui';
import { useEffect } from 'react';
import { Navigate, NavLink, Outlet, useLocation } from 'react-router';
import { session } from '../api/session.ts';
import { useMe } from '../api/use-me.ts';
import { useSession } from '../api/use-session.ts';
import { LiveUpdates } from '../live/live-updates.tsx';
import { messages } from './messages.ts';
import { navigation } from './navigation.ts';
import styles from './shell.module.css';

const RETRY_MS = 5000;

/** The frame around every page of somebody who is signed in; others go to sign-in and come back. */
export const Shell = () => {
  const state = useSession();
  const { pathname, search } = useLocation();
  useEffect(() => {
    if (state.status !== 'unknown') return undefined;
    const ask = () => void session.renew().catch(() => {});
    ask();
    const timer = setInterval(ask, RETRY_MS);
    return () => clearInterval(timer);
  }, [state.status]);
  if (state.status === 'unknown') return null;
  if (state.status === 'signed-out' || state.next !== null) {
    const here = pathname + search;
    return (
      <Navigate to={here === '/' ? '/sign-in' : `/sign-in?return=${encodeURIComponent(here)}`} replace />
    );
  }
  return <Frame />;
};

const Frame = () => {
  const text = useText(messages);
  const me = useMe();
  return (
    <div className={styles.shell}>
      <LiveUpdates />
      <aside className={styles.side}>
        <nav aria-label={text('main')}>
          <ul>
            {navigation
              .filter(({ permission }) => permission === undefined || me?.permissions.includes(permission))
              .map(({ to, text: key, icon: Icon }) => (
                <li key={to}>
                  <NavLink to={to} end={to === '/'} className={classes(styles.link)}>
                    <Icon size={16} aria-hidden />
                    {text(key)}
                  </NavLink>
                </li>
              ))}
          </ul>
        </nav>
      </aside>
      <main id="content" tabIndex={-1} className={styles.main}>
        <Outlet />
      </main>
    </div>
  );
};
