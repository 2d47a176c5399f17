import { type ReactNode, useEffect } from 'react';
import { Navigate, useLocation } from 'react-router';
import { session } from '../api/session.ts';
import { useSession } from '../api/use-session.ts';
import { Waiting } from './waiting.tsx';

const RETRY_MS = 5000;

/** What only somebody who is signed in completely gets to see; others go to sign-in and come back. */
export const SignedIn = ({ children }: { readonly children: ReactNode }) => {
  const state = useSession();
  const { pathname, search } = useLocation();
  useEffect(() => {
    if (state.status !== 'unknown') return undefined;
    const ask = () => void session.renew().catch(() => {});
    ask();
    const timer = setInterval(ask, RETRY_MS);
    return () => clearInterval(timer);
  }, [state.status]);
  if (state.status === 'unknown') return <Waiting />;
  if (state.status === 'signed-out' || state.next !== null) {
    const here = pathname + search;
    return (
      <Navigate to={here === '/' ? '/sign-in' : `/sign-in?return=${encodeURIComponent(here)}`} replace />
    );
  }
  return children;
};
