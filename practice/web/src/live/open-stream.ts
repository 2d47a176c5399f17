import { LiveEvent } from '@archwire/contracts';
import { accountsApi } from '@archwire/contracts/api/accounts';
import { call } from '../api/call.ts';
import { session } from '../api/session.ts';

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;
/** What the server did not accept at once is not worth waiting for: ask again every few seconds meanwhile. */
const POLL_AFTER_MS = 5000;
const POLL_EVERY_MS = 10_000;

interface Handlers {
  readonly onEvent: (event: LiveEvent | null) => void;
  readonly onState: (state: 'connecting' | 'live' | 'polling') => void;
}

/**
 * One stream of events, kept open: it goes on where it broke off, renews the session when the server asks for it, and
 * says every few seconds that anything may have changed while it cannot connect. Returns how it is closed.
 */
export const openStream = ({ onEvent, onState }: Handlers): (() => void) => {
  let source: EventSource | null = null;
  let lastId = '';
  let retryMs = FIRST_RETRY_MS;
  let closed = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let fallback: ReturnType<typeof setTimeout> | undefined;
  let poll: ReturnType<typeof setInterval> | undefined;

  const isOpen = (): void => {
    clearTimeout(fallback);
    clearInterval(poll);
    fallback = undefined;
    poll = undefined;
    retryMs = FIRST_RETRY_MS;
    onState('live');
  };
  const isBroken = (): void => {
    fallback ??= setTimeout(() => {
      onState('polling');
      poll = setInterval(() => onEvent(null), POLL_EVERY_MS);
    }, POLL_AFTER_MS);
  };

  const connect = (): void => {
    if (closed) return;
    const stream = new EventSource(
      `/api/v1/events${lastId === '' ? '' : `?after=${encodeURIComponent(lastId)}`}`,
    );
    source = stream;
    const note = ({ lastEventId }: MessageEvent): void => {
      if (lastEventId !== '') lastId = lastEventId;
    };
    stream.addEventListener('hello', (message) => {
      note(message);
      isOpen();
    });
    stream.addEventListener('resync', () => onEvent(null));
    stream.addEventListener('end', () => {
      stream.close();
      isBroken();
      // Another tab signed out, or an administrator ended the session: renewing finds out which.
      void session
        .renew()
        .catch(() => {})
        .finally(again);
    });
    stream.addEventListener('message', (message) => {
      note(message);
      const event = LiveEvent.safeParse(JSON.parse(String(message.data)));
      // A server that is newer than this page may tell of things that it does not know.
      if (event.success) onEvent(event.data);
    });
    stream.addEventListener('error', () => {
      isBroken();
      // After a lost connection the browser comes back by itself; after a refusal it never does.
      if (stream.readyState !== EventSource.CLOSED) return;
      again();
    });
  };

  const again = (): void => {
    if (closed) return;
    clearTimeout(retry);
    retry = setTimeout(() => {
      // Any call renews a token that expired meanwhile, and the cookie with it.
      void call(accountsApi.me, {})
        .catch(() => {})
        .finally(() => {
          if (session.state().status === 'signed-in') connect();
          else again();
        });
    }, retryMs);
    retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
  };

  onState('connecting');
  connect();
  return () => {
    closed = true;
    source?.close();
    clearTimeout(retry);
    clearTimeout(fallback);
    clearInterval(poll);
  };
};
