import { randomUUID } from 'node:crypto';
import { AppError, LIVE_KINDS, type LiveEvent, type Permission } from '@archwire/contracts';
import { createRecentEvents, type SentEvent } from './recent-events.ts';

/** One open stream. */
export interface LiveClient {
  readonly tenantId: string;
  /** The session or API key behind it. */
  readonly owner: string;
  readonly userId: string | null;
  readonly permissions: ReadonlySet<Permission>;
  /** `false`: it does not take what it is sent; it is then dropped. */
  readonly write: (chunk: string) => boolean;
  readonly end: () => void;
  /** Asks whether the credentials are still good. @throws when not */
  readonly check: () => Promise<void>;
}

export interface LiveHub {
  /** Something changed in a tenant. Costs next to nothing however often it is called. */
  publish(tenantId: string, event: LiveEvent): void;
  /** Something may have been missed: everybody is told to ask again. */
  gap(): void;
  /** Ends the streams of a session, or of all sessions of a user. */
  endOwner(tenantId: string, who: { readonly sessionId: string } | { readonly userId: string }): void;
  /** Starts a stream; `after` is the id of the last event that the client has. Returns how it leaves. */
  join(client: LiveClient, after: string | null): () => void;
  count(): number;
  /** Ends every stream and takes no more. */
  close(): void;
}

interface Topic {
  readonly tenantId: string;
  readonly event: LiveEvent;
  dueAt: number;
  changed: boolean;
}

/** The same thing is told at most this often, and once more when it has come to rest. */
const SAME_EVERY_MS = 400;
/** Proxies cut what is silent for a minute; a peer that vanished is noticed by what it does not take. */
const HEARTBEAT_MS = 20_000;
/** A page asks for its data and opens its stream at the same moment: what happened between the two is told again. */
const FRESH_MS = 3000;
const MAX_TOPICS = 2000;
const MAX_CLIENTS = 5000;
const MAX_PER_OWNER = 20;

const frame = ({ number, event }: SentEvent, epoch: string): string =>
  `id: ${epoch}.${number}\ndata: ${JSON.stringify(event)}\n\n`;
const RESYNC = 'event: resync\ndata: {}\n\n';
const END = 'event: end\ndata: {}\n\n';

/**
 * Tells the open pages of each tenant what changed. Equal events within a moment become one, and each client gets one
 * write for all that is due: hundreds of clients and a busy receiver cost a few writes a second each.
 */
export const createLiveHub = (options: { readonly now?: () => number } = {}): LiveHub => {
  const now = options.now ?? (() => performance.now());
  const epoch = randomUUID().slice(0, 8);
  const recent = createRecentEvents(epoch, now);
  const clients = new Map<string, Set<LiveClient>>();
  const topics = new Map<string, Topic>();
  let count = 0;
  let closed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const leave = (client: LiveClient): void => {
    const ofTenant = clients.get(client.tenantId);
    if (ofTenant?.delete(client) !== true) return;
    count -= 1;
    if (ofTenant.size === 0) clients.delete(client.tenantId);
  };
  const drop = (client: LiveClient, farewell = ''): void => {
    leave(client);
    if (farewell !== '') client.write(farewell);
    client.end();
  };
  const send = (client: LiveClient, chunk: string): void => {
    if (chunk !== '' && !client.write(chunk)) drop(client);
  };
  const everybody = (): LiveClient[] => [...clients.values()].flatMap((ofTenant) => [...ofTenant]);
  const chunkFor = (client: LiveClient, events: readonly SentEvent[]): string =>
    events
      .filter(({ event }) => client.permissions.has(LIVE_KINDS[event.kind]))
      .map((sent) => frame(sent, epoch))
      .join('');

  const deliver = (tenantId: string, events: readonly SentEvent[]): void => {
    // Clients of one role get the same bytes.
    const chunks = new Map<string, string>();
    for (const client of clients.get(tenantId) ?? []) {
      const key = [...client.permissions].join();
      const chunk = chunks.get(key) ?? chunkFor(client, events);
      chunks.set(key, chunk);
      send(client, chunk);
    }
  };

  const tick = (): void => {
    timer = undefined;
    const at = now();
    const due = new Map<string, SentEvent[]>();
    for (const [key, topic] of topics) {
      if (topic.dueAt > at) continue;
      if (!topic.changed) {
        topics.delete(key);
        continue;
      }
      topic.changed = false;
      topic.dueAt = at + SAME_EVERY_MS;
      const sent = recent.add(topic.tenantId, topic.event);
      const events = due.get(topic.tenantId);
      if (events === undefined) due.set(topic.tenantId, [sent]);
      else events.push(sent);
    }
    for (const [tenantId, events] of due) deliver(tenantId, events);
    plan();
  };
  // The more listen, the more is told at once.
  const plan = (): void => {
    if (topics.size > 0 && !closed) timer ??= setTimeout(tick, Math.min(250, 40 + count / 2)).unref();
  };

  const publish = (tenantId: string, event: LiveEvent): void => {
    const key = `${tenantId} ${JSON.stringify(event)}`;
    const known = topics.get(key);
    if (known !== undefined) {
      known.changed = true;
    } else if (topics.size >= MAX_TOPICS && Object.keys(event).length > 1) {
      publish(tenantId, { kind: event.kind });
    } else {
      topics.set(key, { tenantId, event, dueAt: now(), changed: true });
    }
    plan();
  };

  const verify = async (client: LiveClient): Promise<void> => {
    try {
      await client.check();
    } catch (error) {
      // The database being away says nothing about a session.
      if (error instanceof AppError && ['unauthenticated', 'forbidden'].includes(error.kind)) drop(client);
    }
  };
  const beat = (): void => {
    for (const client of everybody()) {
      send(client, ':\n\n');
      void verify(client);
    }
  };
  const heart = setInterval(beat, HEARTBEAT_MS).unref();

  return {
    publish,
    gap: () => {
      recent.forget();
      for (const client of everybody()) send(client, RESYNC);
    },
    endOwner: (tenantId, who) => {
      for (const client of clients.get(tenantId) ?? []) {
        const meant = 'userId' in who ? client.userId === who.userId : client.owner === who.sessionId;
        if (meant) drop(client, END);
      }
    },
    join: (client, after) => {
      if (closed || count >= MAX_CLIENTS) {
        throw new AppError('unavailable', 'No more pages can be kept up to date just now. Try again.');
      }
      const ofTenant = clients.get(client.tenantId) ?? new Set();
      const own = [...ofTenant].filter(({ owner }) => owner === client.owner);
      const oldest = own[0];
      if (own.length >= MAX_PER_OWNER && oldest !== undefined) drop(oldest);
      clients.set(client.tenantId, ofTenant.add(client));
      count += 1;
      const missed =
        after === null
          ? recent.since(now() - FRESH_MS, client.tenantId)
          : recent.after(after, client.tenantId);
      const start = `retry: 2000\nid: ${recent.lastId()}\nevent: hello\ndata: {}\n\n`;
      send(client, start + (missed === undefined ? RESYNC : chunkFor(client, missed)));
      return () => leave(client);
    },
    count: () => count,
    close: () => {
      closed = true;
      clearInterval(heart);
      clearTimeout(timer);
      for (const client of everybody()) drop(client);
    },
  };
};
