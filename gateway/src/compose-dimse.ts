import { createCommitmentRequests, createPerformedSteps } from '@archwire/archive';
import { retrieveServices, type RetrieveParts } from './compose-retrieve.ts';
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
export const dimseServices = (parts: RetrieveParts): readonly DimseService[] => {
  const { aeTitle, audit, database } = parts;
  const { withTenant } = database;
  return [
    createFindScp(createFind({ withTenant, audit, aeTitle })),
    createWorklistScp(createWorklist({ withTenant, audit })),
    ...createMppsServices(createPerformedSteps({ withTenant })),
    createCommitmentResultService(createCommitmentRequests({ withTenant })),
    ...retrieveServices(parts),
  ];
};
