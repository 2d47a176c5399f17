import { createCommitments, type Stores } from '@archwire/archive';
import type { EnqueueJob, JobPayload } from '@archwire/contracts';
import type { Database } from '@archwire/database';
import { createFindDeviceTarget } from '@archwire/practice-server';
import type { Logger } from '@archwire/runtime';
import {
  createCommitmentService,
  createNotifyAvailability,
  createReportCommitment,
  type DimseService,
  type ScuTls,
} from './dimse/index.ts';

export interface CommitmentParts {
  /** For the listener. */
  readonly service: DimseService;
  /** Jobs. */
  readonly reportCommitment: (job: JobPayload<'report-commitment'>) => Promise<void>;
  readonly notifyAvailability: (job: JobPayload<'notify-availability'>) => Promise<void>;
}

/** What devices are told of their images: that they are safe here, and that they can be fetched here. */
export const composeCommitment = ({
  aeTitle,
  database,
  enqueue,
  log,
  stores,
  tls,
}: {
  readonly aeTitle: string;
  readonly database: Pick<Database, 'withTenant'>;
  readonly enqueue: EnqueueJob;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  readonly stores: Stores;
  /** For devices that listen encrypted. */
  readonly tls: ScuTls;
}): CommitmentParts => {
  const { withTenant } = database;
  const commitments = createCommitments({ withTenant, stores });
  const findTarget = createFindDeviceTarget({ withTenant });
  const peerOf = async (tenantId: string, deviceId: string) => {
    const target = await findTarget(tenantId, deviceId);
    return { ...target, tls: target.tls ? tls : null, callingAe: aeTitle };
  };
  return {
    service: createCommitmentService({
      commitments,
      aeTitle,
      log,
      reportLater: async (job) =>
        await enqueue('report-commitment', job, { jobId: `commitment-${job.requestId}` }),
    }),
    reportCommitment: createReportCommitment({ commitments, peerOf, aeTitle }),
    notifyAvailability: createNotifyAvailability({ withTenant, peerOf, aeTitle }),
  };
};
