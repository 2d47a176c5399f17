import type { LiveEvent, LiveKind } from '@archwire/contracts';
import { useEffect, useEffectEvent } from 'react';
import { liveBus } from './live-bus.ts';

/**
 * Calls `handler` for every event of these kinds, and with `null` when anything may have changed (a connection came
 * back, or there is none and it is time to look). Most pages need it not: `live/invalidations.ts` asks again by itself.
 */
export const useLiveEvents = (
  kinds: readonly LiveKind[],
  handler: (event: LiveEvent | null) => void,
): void => {
  const onEvent = useEffectEvent((event: LiveEvent | null) => {
    if (event === null || kinds.includes(event.kind)) handler(event);
  });
  useEffect(() => liveBus.listen((event) => onEvent(event)), []);
};
