export type { ScheduledStepReference } from './link-performed-step.ts';
export type { DiscontinuationReason } from './move-orders.ts';
export type { PerformedStepState } from './performed-step-row.ts';
export {
  createPerformedSteps,
  type NewPerformedStep,
  type PerformedSteps,
  type PerformedStepSource,
} from './performed-steps.ts';
