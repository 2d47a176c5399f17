import { statusClass } from '../status-class.ts';
import { DimseFailure } from './dimse-failure.ts';
import type { ExchangeAnswer } from './exchange.ts';

/** Sub-operations of a C-MOVE or C-GET as the peer counts them; `null`: it does not say. */
export interface RetrieveProgress {
  readonly remaining: number | null;
  readonly completed: number | null;
  readonly failed: number | null;
  readonly warning: number | null;
  /** Status of the last response; `null` while it goes on. B000: some sub-operations failed; FE00: cancelled. */
  readonly status: number | null;
  /** Failed SOP Instance UID List (0008,0058) of the last response. */
  readonly failedInstances: readonly string[];
}

const FAILED_INSTANCES = '00080058';

/** @throws DimseFailure when the peer did nothing of what was asked. */
export const retrieveProgress = ({ command, dataSet }: ExchangeAnswer): RetrieveProgress => {
  const kind = statusClass(command.Status);
  if (kind === 'failure') throw new DimseFailure(command.Status, command.ErrorComment);
  const failed = dataSet?.[FAILED_INSTANCES]?.Value ?? [];
  return {
    remaining: command.NumberOfRemainingSuboperations,
    completed: command.NumberOfCompletedSuboperations,
    failed: command.NumberOfFailedSuboperations,
    warning: command.NumberOfWarningSuboperations,
    status: kind === 'pending' ? null : command.Status,
    failedInstances: failed.filter((uid) => typeof uid === 'string'),
  };
};
