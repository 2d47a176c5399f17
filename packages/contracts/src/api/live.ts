import { z } from 'zod';
import { fullEndpoint } from './endpoint.ts';

/** `after` is the id of the last event that one has: what a header says too, where headers cannot be set. */
export const EventsQuery = z.strictObject({ after: z.string().max(100).optional() });

/** What open pages listen to. */
export const liveApi = {
  events: fullEndpoint({
    method: 'get',
    path: '/events',
    summary:
      'A stream of server-sent events (text/event-stream) that says what changed; only what you may see, only ids. `resync` means that some may be missing: ask again for what you show. `end` means that the session is over.',
    query: EventsQuery,
  }),
} as const;
