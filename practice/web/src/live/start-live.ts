import { LiveEvent } from '@archwire/contracts';
import { z } from 'zod';
import { liveBus } from './live-bus.ts';
import { openStream } from './open-stream.ts';

/** Browsers open six connections to a server: a stream for each tab would leave none for the pages. */
const LOCK = 'archwire-live';
const Heard = z.union([
  z.object({ event: LiveEvent.nullable() }),
  z.object({ state: z.enum(['connecting', 'live', 'polling']) }),
  z.object({ ask: z.literal(true) }),
]);

/** Tells the tab and, through `channel`, all others. */
const lead = (channel: BroadcastChannel | null): (() => void) => {
  const close = openStream({
    onEvent: (event) => {
      liveBus.tell(event);
      channel?.postMessage({ event });
    },
    onState: (state) => {
      liveBus.become(state);
      channel?.postMessage({ state });
    },
  });
  return close;
};

const shareStream = (): (() => void) => {
  const channel = new BroadcastChannel(LOCK);
  const stop = new AbortController();
  let leading = false;
  channel.addEventListener('message', ({ data }) => {
    const heard = Heard.safeParse(data);
    if (!heard.success) return;
    if ('ask' in heard.data) {
      if (leading) channel.postMessage({ state: liveBus.state() });
    } else if (!leading) {
      if ('event' in heard.data) liveBus.tell(heard.data.event);
      else liveBus.become(heard.data.state);
    }
  });
  channel.postMessage({ ask: true });
  navigator.locks
    .request(LOCK, { signal: stop.signal }, async () => {
      leading = true;
      const close = lead(channel);
      await new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve()));
      close();
    })
    .catch(() => {});
  return () => {
    stop.abort();
    channel.close();
  };
};

/** Without locks (plain http in a local network) each tab has a stream of its own while it is looked at. */
const ownStream = (): (() => void) => {
  let close: (() => void) | null = null;
  const follow = (): void => {
    if (document.visibilityState === 'visible') {
      if (close !== null) return;
      liveBus.tell(null);
      close = lead(null);
    } else {
      close?.();
      close = null;
    }
  };
  document.addEventListener('visibilitychange', follow);
  follow();
  return () => {
    document.removeEventListener('visibilitychange', follow);
    close?.();
  };
};

/** Keeps this tab up to date for as long as somebody is signed in. One stream serves all tabs of the browser. */
export const startLive = (): (() => void) => {
  liveBus.become('connecting');
  const stop = navigator.locks === undefined ? ownStream() : shareStream();
  return () => {
    stop();
    liveBus.become('off');
  };
};
