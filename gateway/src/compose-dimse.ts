import { createCommitmentRequests, createPerformedSteps } from '@archwire/archive';
import type { WithTenant } from '@archwire/database';
import type { ReadAudit } from './dicomweb/index.ts';
import {
  createCommitmentResultService,
  createFind,
  createFindScp,
  createMppsServices,
  createWorklist,
  createWorklistScp,
  type DimseService,
} from './dimse/index.ts';

/** The table of operations that the listener serves besides C-ECHO and C-STORE. */
export const dimseServices = ({
  withTenant,
  audit,
  aeTitle,
}: {
  readonly withTenant: WithTenant;
  readonly audit: ReadAudit;
  /** Ours. */
  readonly aeTitle: string;
}): readonly DimseService[] => [
  createFindScp(createFind({ withTenant, audit, aeTitle })),
  createWorklistScp(createWorklist({ withTenant, audit })),
  ...createMppsServices(createPerformedSteps({ withTenant })),
  createCommitmentResultService(createCommitmentRequests({ withTenant })),
];
