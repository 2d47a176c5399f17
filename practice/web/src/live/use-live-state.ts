import { useSyncExternalStore } from 'react';
import { liveBus, type LiveState } from './live-bus.ts';

/** Whether this page hears of changes; draws again when that changes. */
export const useLiveState = (): LiveState => useSyncExternalStore(liveBus.subscribeState, liveBus.state);
