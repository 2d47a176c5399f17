import type { CommitmentRequests } from '@archwire/archive';
import { AppError } from '@archwire/contracts';
import { CommandField } from '../command-field.ts';
import { statusOfError, SUCCESS } from '../dimse-status.ts';
import type { DimseService } from '../dimse-service.ts';
import { PLAIN_TRANSFER_SYNTAXES } from '../plain-transfer-syntaxes.ts';
import { readCommitmentResult } from './read-commitment-result.ts';

const SOP_CLASS = '1.2.840.10008.1.20.1';

/**
 * N-EVENT-REPORT of storage commitment on an association that the peer opened, as its SCP (PS3.4 J.3.3): what it says about
 * instances that it was asked to answer for. Only the device that was asked is heard.
 */
export const createCommitmentResultService = (
  requests: Pick<CommitmentRequests, 'record'>,
): DimseService => ({
  name: 'N-EVENT-REPORT',
  commandField: CommandField.NEventReport,
  abstractSyntaxes: new Set([SOP_CLASS]),
  transferSyntaxes: PLAIN_TRANSFER_SYNTAXES,
  needsDataSet: true,
  peerRole: 'scp',
  perform: async ({ command, context, dataSet, source }) => {
    const elements = {
      AffectedSOPClassUID: command.SOPClassUID,
      AffectedSOPInstanceUID: command.SOPInstanceUID,
      ...(command.EventTypeID === null ? {} : { EventTypeID: command.EventTypeID }),
    };
    try {
      const result = readCommitmentResult(dataSet, context.transferSyntax);
      // Who is no device was never asked.
      if (source.deviceId === null)
        throw new AppError('forbidden', 'Only a registered device that was asked can answer. Register it.');
      await requests.record(source.tenantId, source.deviceId, result);
      return { status: SUCCESS, elements };
    } catch (error) {
      return { status: statusOfError(error), elements, error };
    }
  },
});
