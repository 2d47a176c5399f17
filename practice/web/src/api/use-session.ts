import { useSyncExternalStore } from 'react';
import { session, type SessionState } from './session.ts';

/** Whether somebody is signed in; draws again when that changes. */
export const useSession = (): SessionState => useSyncExternalStore(session.subscribe, session.state);
