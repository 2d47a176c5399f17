import type { LiveEvent } from '@archwire/contracts';

/**
 * `connecting` at first, `live` while a stream is open in this tab or in another one of this browser, `polling` when
 * none can be opened: pages then ask again every few seconds. `off` when nobody is signed in.
 */
export type LiveState = 'off' | 'connecting' | 'live' | 'polling';

/** `null`: anything may have changed. */
export type LiveListener = (event: LiveEvent | null) => void;

let state: LiveState = 'off';
const stateListeners = new Set<() => void>();
const listeners = new Set<LiveListener>();

/** What this tab knows and whom it tells. */
export const liveBus = {
  state: (): LiveState => state,
  become: (next: LiveState): void => {
    if (next === state) return;
    state = next;
    for (const listener of stateListeners) listener();
  },
  subscribeState: (listener: () => void): (() => void) => {
    stateListeners.add(listener);
    return () => void stateListeners.delete(listener);
  },
  tell: (event: LiveEvent | null): void => {
    for (const listener of listeners) listener(event);
  },
  listen: (listener: LiveListener): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};
