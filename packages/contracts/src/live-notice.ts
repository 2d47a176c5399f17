import { z } from 'zod';
import { LIVE_IDS } from './live-event.ts';

/**
 * What PostgreSQL tells every gateway on the channel `archwire_live`: a live event of a tenant, or that a session or all
 * sessions of a user ended or changed. Whatever else a payload holds is dropped here.
 */
export const LiveNotice = z.object({
  tenantId: z.uuid(),
  kind: z.string(),
  ...LIVE_IDS,
  sessionId: z.uuid().optional(),
  userId: z.uuid().optional(),
});
export type LiveNotice = z.infer<typeof LiveNotice>;
