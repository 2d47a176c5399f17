import type { LiveEvent } from '@archwire/contracts';

export interface SentEvent {
  readonly number: number;
  readonly at: number;
  readonly tenantId: string;
  readonly event: LiveEvent;
}

export interface RecentEvents {
  /** Gives the event its number. */
  add(tenantId: string, event: LiveEvent): SentEvent;
  /** What `Last-Event-ID` says of the newest event; where a client that missed nothing goes on. */
  lastId(): string;
  /** What this tenant got after the event with that id; `undefined` when it cannot be told any more. */
  after(id: string, tenantId: string): readonly SentEvent[] | undefined;
  /** What this tenant got since then, as far as it is known. */
  since(at: number, tenantId: string): readonly SentEvent[];
  /** Nobody can go on from before this moment. */
  forget(): void;
}

const KEPT = 2000;

/** The newest events of all tenants. Ids name the process, too: another gateway, or the next start, knows nothing of ours. */
export const createRecentEvents = (epoch: string, now: () => number): RecentEvents => {
  let events: SentEvent[] = [];
  let last = 0;
  let first = 1;
  const of = (tenantId: string) => (sent: SentEvent) => sent.tenantId === tenantId;
  return {
    add: (tenantId, event) => {
      last += 1;
      const sent = { number: last, at: now(), tenantId, event };
      events.push(sent);
      // In blocks: a shift for every event would move all the others.
      if (events.length >= KEPT * 2) {
        events = events.slice(-KEPT);
        first = events[0]?.number ?? last + 1;
      }
      return sent;
    },
    lastId: () => `${epoch}.${last}`,
    after: (id, tenantId) => {
      const [of_, number = ''] = id.split('.');
      const from = /^\d{1,15}$/.test(number) ? Number(number) : -1;
      if (of_ !== epoch || from < first - 1 || from > last) return undefined;
      return events.filter((sent) => sent.number > from).filter(of(tenantId));
    },
    since: (at, tenantId) => events.filter((sent) => sent.at >= at).filter(of(tenantId)),
    forget: () => {
      events = [];
      first = last + 1;
    },
  };
};
