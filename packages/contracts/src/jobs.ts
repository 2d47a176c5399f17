import { z } from 'zod';

const tenantId = z.uuid();

/** Every job and the shape of its payload: ids only, never patient data. A worker validates before it acts. */
export const JOBS = {
  /** Make thumbnail, preview and display image of instances of one series (at most 50). */
  'derive-instances': z.object({
    tenantId,
    seriesId: z.uuid(),
    instanceIds: z.array(z.string()).min(1).max(50),
  }),
  /** Pack an idle series into the tenant's object store. */
  'settle-series': z.object({ tenantId, seriesId: z.uuid() }),
  /** Send a letter: the one of a link in `account_link`, or a warning to a user. */
  'send-mail': z.object({ tenantId, letter: z.enum(['link', 'token-reused', 'alerts']), id: z.uuid() }),
  /** Open a container, or read a large file, that an import brought. */
  'open-import': z.object({ tenantId, importId: z.uuid(), fileId: z.uuid() }),
  /** Tell a device what became of its storage commitment request. */
  'report-commitment': z.object({ tenantId, requestId: z.uuid() }),
  /** Tell a device that the instances of a study can be fetched here. */
  'notify-availability': z.object({ tenantId, studyId: z.uuid(), deviceId: z.uuid() }),
  /** Apply the rules about what images show to those that are here already. */
  'apply-view-rules': z.object({ tenantId, runId: z.uuid() }),
  /** Write the ZIP file of an export into the object store. */
  'build-export': z.object({ tenantId, exportId: z.uuid() }),
} as const;
export type JobName = keyof typeof JOBS;
export const isJobName = (text: string): text is JobName => Object.hasOwn(JOBS, text);
export type JobPayload<N extends JobName> = z.infer<(typeof JOBS)[N]>;

/** Puts a job on the queue. The same `jobId` twice is one job. */
export type EnqueueJob = <N extends JobName>(
  name: N,
  payload: JobPayload<N>,
  options?: { readonly jobId?: string; readonly delayMs?: number },
) => Promise<void>;
