import type { CommitmentReport, Commitments } from '@archwire/archive';
import type { JobPayload } from '@archwire/contracts';
import { writeDataSet } from '@archwire/dicom';
import type { Logger } from '@archwire/runtime';
import { CommandField } from '../command-field.ts';
import type { DimseRequest, DimseResult, DimseService } from '../dimse-service.ts';
import { statusOfActionError, SUCCESS, type DimseStatus } from '../dimse-status.ts';
import { PLAIN_TRANSFER_SYNTAXES } from '../plain-transfer-syntaxes.ts';
import { withTimeout } from '../with-timeout.ts';
import { eventInformation } from './event-information.ts';
import { readActionInformation } from './read-action-information.ts';

/** Storage Commitment Push Model and its well-known instance (PS3.4 section J.3.5). */
export const STORAGE_COMMITMENT = '1.2.840.10008.1.20.1';
export const STORAGE_COMMITMENT_INSTANCE = '1.2.840.10008.1.20.1.1';
const REQUEST_STORAGE_COMMITMENT = 1;
/** Whoever does not answer in this time is told on an association of its own. */
const ANSWER_MS = 10_000;

const NO_SUCH_INSTANCE: DimseStatus = {
  code: 0x0112,
  comment: 'Ask the well-known instance 1.2.840.10008.1.20.1.1.',
};
const NO_SUCH_ACTION: DimseStatus = { code: 0x0123, comment: 'The one action here has Action Type ID 1.' };

interface Deps {
  readonly commitments: Commitments;
  /** Ours: where committed instances can be fetched. */
  readonly aeTitle: string;
  /** Lets a job report on an association of its own. */
  readonly reportLater: (job: JobPayload<'report-commitment'>) => Promise<void>;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  readonly answerMs?: number;
}

/**
 * N-ACTION of Storage Commitment (PS3.4 section J.3.2): answered when the request is durable. What is committed is told
 * by N-EVENT-REPORT on the same association while that is open and its peer answers, otherwise by a job.
 */
export const createCommitmentService = (deps: Deps): DimseService => {
  const { aeTitle, answerMs = ANSWER_MS, commitments, log, reportLater } = deps;

  const tell = async (request: DimseRequest, report: CommitmentReport): Promise<boolean> => {
    const { eventTypeId, dataSet } = eventInformation(report, aeTitle);
    const { Status } = await withTimeout(
      request.invoke({
        contextId: request.context.id,
        command: {
          CommandField: CommandField.NEventReport,
          AffectedSOPClassUID: STORAGE_COMMITMENT,
          AffectedSOPInstanceUID: STORAGE_COMMITMENT_INSTANCE,
          EventTypeID: eventTypeId,
        },
        dataSet: [writeDataSet(dataSet, request.context.transferSyntax, '')],
      }),
      answerMs,
    );
    return Status === 0;
  };

  /** Never rejects: what does not work here is a job's. */
  const reportHere = async (request: DimseRequest, requestId: string): Promise<void> => {
    const { tenantId, callingAe } = request.source;
    try {
      const report = await commitments.check(tenantId, requestId);
      if (report === null) return;
      if (await tell(request, report)) {
        await commitments.reported(tenantId, requestId, report.result);
        return;
      }
    } catch (error) {
      log.info({ callingAe, requestId, err: error }, 'storage commitment not reported on its association');
    }
    await reportLater({ tenantId, requestId }).catch((error: unknown) =>
      log.warn(
        { callingAe, requestId, err: error },
        'report of storage commitment is late: no job could be made',
      ),
    );
  };

  const perform = async (request: DimseRequest): Promise<DimseResult> => {
    const { command, context, dataSet, source } = request;
    if (command.SOPInstanceUID !== STORAGE_COMMITMENT_INSTANCE) return { status: NO_SUCH_INSTANCE };
    if (command.ActionTypeID !== REQUEST_STORAGE_COMMITMENT) return { status: NO_SUCH_ACTION };
    const elements = { ActionTypeID: REQUEST_STORAGE_COMMITMENT };
    try {
      const requestId = await commitments.request({
        ...readActionInformation(dataSet, context.transferSyntax),
        tenantId: source.tenantId,
        deviceId: source.deviceId,
        callingAe: source.callingAe ?? '',
        calledAe: source.calledAe ?? '',
      });
      return { status: SUCCESS, elements, after: async () => await reportHere(request, requestId) };
    } catch (error) {
      return { status: statusOfActionError(error), elements, error };
    }
  };

  return {
    name: 'N-ACTION',
    commandField: CommandField.NAction,
    abstractSyntaxes: new Set([STORAGE_COMMITMENT]),
    transferSyntaxes: PLAIN_TRANSFER_SYNTAXES,
    needsDataSet: true,
    perform,
  };
};
