import type { LiveKind } from '@archwire/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { endpointKey } from '../api/use-endpoint.ts';
import { INVALIDATIONS } from './invalidations.ts';
import { liveBus } from './live-bus.ts';
import { startLive } from './start-live.ts';

/** A stream of images changes a list many times a second; asking once in a while shows the same. */
const SOON_MS = 50;
const AGAIN_MS = 800;

/** Keeps what is on screen up to date. Stands once in the frame of whoever is signed in; draws nothing. */
export const LiveUpdates = () => {
  const client = useQueryClient();
  useEffect(() => {
    const due = new Map<string, readonly unknown[]>();
    const askedAt = new Map<string, number>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = (): void => {
      timer = undefined;
      const now = performance.now();
      for (const [name, key] of due) {
        if (now - (askedAt.get(name) ?? -AGAIN_MS) < AGAIN_MS) continue;
        // An answer on its way may be older than the change; cutting it short for ever would show nothing.
        if (client.isFetching({ queryKey: key }) > 0) continue;
        due.delete(name);
        askedAt.set(name, now);
        void client.invalidateQueries({ queryKey: key });
      }
      if (due.size > 0) timer = setTimeout(ask, AGAIN_MS / 4);
    };
    const note = (kinds: readonly LiveKind[]): void => {
      for (const endpoint of kinds.flatMap((kind) => INVALIDATIONS[kind])) {
        const key = endpointKey(endpoint);
        due.set(key.join(), key);
      }
      if (due.size > 0) timer ??= setTimeout(ask, SOON_MS);
    };
    const everything = Object.keys(INVALIDATIONS).filter((kind): kind is LiveKind => kind in INVALIDATIONS);
    const forget = liveBus.listen((event) => note(event === null ? everything : [event.kind]));
    const stop = startLive();
    return () => {
      forget();
      stop();
      clearTimeout(timer);
    };
  }, [client]);
  return null;
};
