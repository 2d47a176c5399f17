import type { ObsoleteDerivatives } from '@archwire/archive';
import type { EnqueueJob } from '@archwire/contracts';
import type { OutboxEvent } from '@archwire/database';
import type { Logger } from '@archwire/runtime';
import { z } from 'zod';

const InstancesStored = z.object({
  seriesId: z.uuid(),
  instanceIds: z.array(z.union([z.string(), z.int()]).transform(String)),
});
const DerivativesObsolete = z.object({
  instanceId: z.string().regex(/^\d+$/),
  objects: z.array(z.object({ store: z.string(), key: z.string() })),
});
const MailDue = z.object({ letter: z.enum(['link', 'token-reused', 'alerts']), id: z.uuid() });
const CommitmentRequested = z.object({ requestId: z.uuid() });
const StudyAvailable = z.object({ studyId: z.uuid(), deviceId: z.uuid() });
const JOB_INSTANCES = 50;
/** Whoever received the request reports on its association first; this is for when it could not. */
const COMMITMENT_DELAY_MS = 30_000;

interface Deps {
  readonly enqueue: EnqueueJob;
  /** Deletes the pictures of bytes that are no longer shown. */
  readonly removeDerivatives: (tenantId: string, obsolete: ObsoleteDerivatives) => Promise<void>;
  readonly log: Logger;
}

/**
 * Turns what transactions announced into jobs. The same event again makes the same job ids, so that a repetition is no
 * second job while the first waits. A conflict is told to whoever reads the log; the list of conflicts has the rest.
 */
export const publishEvent = ({ enqueue, removeDerivatives, log }: Deps) => {
  const payloadOf = <T>(schema: z.ZodType<T>, { id, topic, payload }: OutboxEvent): T | undefined => {
    const parsed = schema.safeParse(payload);
    if (parsed.success) return parsed.data;
    log.error({ id, topic }, 'an event has another shape than its topic says; left out');
    return undefined;
  };

  const derive = async (event: OutboxEvent): Promise<void> => {
    const { seriesId, instanceIds = [] } = payloadOf(InstancesStored, event) ?? {};
    if (seriesId === undefined) return;
    for (let from = 0; from < instanceIds.length; from += JOB_INSTANCES) {
      await enqueue(
        'derive-instances',
        { tenantId: event.tenantId, seriesId, instanceIds: instanceIds.slice(from, from + JOB_INSTANCES) },
        { jobId: `derive-${event.id}-${from}` },
      );
    }
  };

  return async (event: OutboxEvent): Promise<void> => {
    if (event.topic === 'instance.conflict') {
      log.warn(
        { tenantId: event.tenantId, id: event.id },
        'an instance arrived again with other bytes; both are kept',
      );
    }
    if (event.topic === 'instances.stored' || event.topic === 'derivatives.rebuild') await derive(event);
    if (event.topic === 'mail.due') {
      const mail = payloadOf(MailDue, event);
      if (mail !== undefined)
        await enqueue('send-mail', { tenantId: event.tenantId, ...mail }, { jobId: `mail-${event.id}` });
    }
    if (event.topic === 'commitment.requested') {
      const asked = payloadOf(CommitmentRequested, event);
      if (asked !== undefined)
        await enqueue(
          'report-commitment',
          { tenantId: event.tenantId, ...asked },
          { jobId: `commitment-${event.id}`, delayMs: COMMITMENT_DELAY_MS },
        );
    }
    if (event.topic === 'study.available') {
      const study = payloadOf(StudyAvailable, event);
      if (study !== undefined)
        await enqueue(
          'notify-availability',
          { tenantId: event.tenantId, ...study },
          { jobId: `availability-${event.id}` },
        );
    }
    if (event.topic === 'derivatives.obsolete') {
      const obsolete = payloadOf(DerivativesObsolete, event);
      if (obsolete !== undefined) await removeDerivatives(event.tenantId, obsolete);
    }
  };
};
