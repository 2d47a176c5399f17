import { LiveEvent, type LiveNotice } from '@archwire/contracts';
import { type Database, listenLive } from '@archwire/database';
import type { Logger } from '@archwire/runtime';
import type { LiveHub } from './live-hub.ts';

/** Carries what every process of the installation commits to the streams of this one. */
export const startLiveSource = (parts: {
  readonly database: Pick<Database, 'appUrl'>;
  readonly hub: Pick<LiveHub, 'publish' | 'gap' | 'endOwner'>;
  readonly log: Logger;
}): { stop(): Promise<void> } => {
  const { hub, log } = parts;
  const onNotice = ({ tenantId, sessionId, userId, ...event }: LiveNotice): void => {
    if (event.kind === 'session.ended' && sessionId !== undefined) {
      hub.endOwner(tenantId, { sessionId });
      return;
    }
    if (event.kind === 'account.ended' && userId !== undefined) {
      hub.endOwner(tenantId, { userId });
      return;
    }
    const known = LiveEvent.safeParse(event);
    // A gateway of a newer version may know kinds that this one does not.
    if (known.success) hub.publish(tenantId, known.data);
  };
  return listenLive({
    database: parts.database,
    onNotice,
    onGap: hub.gap,
    onError: (error) => log.warn({ err: error }, 'open pages are not told of changes for now'),
  });
};
