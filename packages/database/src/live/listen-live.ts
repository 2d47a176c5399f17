import { LiveNotice } from '@archwire/contracts';
import { listenToChannel } from '../notifications/listen-to-channel.ts';
import type { Database } from '../open-database.ts';

/**
 * Hears what every process of the installation committed. `onGap` runs when notices may have been missed, at the start
 * and after each loss of the connection.
 */
export const listenLive = (parts: {
  readonly database: Pick<Database, 'appUrl'>;
  readonly onNotice: (notice: LiveNotice) => void;
  readonly onGap: () => void;
  readonly onError: (error: unknown) => void;
}): { stop(): Promise<void> } =>
  listenToChannel({
    connectionString: parts.database.appUrl,
    channel: 'archwire_live',
    applicationName: 'archwire-live',
    onListening: parts.onGap,
    onPayload: (payload) => {
      try {
        parts.onNotice(LiveNotice.parse(JSON.parse(payload)));
      } catch (error) {
        parts.onError(error);
      }
    },
    onError: parts.onError,
  });
