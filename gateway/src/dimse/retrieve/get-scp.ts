import type { Logger } from '@archwire/runtime';
import { CommandField } from '../command-field.ts';
import type { DimseService } from '../dimse-service.ts';
import { PLAIN_TRANSFER_SYNTAXES } from '../plain-transfer-syntaxes.ts';
import type { Transcode } from '../scu/sendable-instance.ts';
import { getSubOperations } from './get-sub-operations.ts';
import type { Retrieve } from './retrieve.ts';
import { GET_MODELS } from './retrieve-models.ts';
import { grantRetrieveOptions } from './retrieve-negotiation.ts';

/** C-GET SCP of Patient Root and Study Root (PS3.4 C.4.3): what is asked for comes over the association that asks. */
export const createGetScp = ({
  retrieve,
  transcode,
  log,
}: {
  readonly retrieve: Retrieve;
  readonly transcode: Transcode;
  readonly log: Pick<Logger, 'warn'>;
}): DimseService => ({
  name: 'C-GET',
  commandField: CommandField.CGet,
  abstractSyntaxes: GET_MODELS,
  transferSyntaxes: PLAIN_TRANSFER_SYNTAXES,
  needsDataSet: true,
  storesAtPeer: true,
  negotiate: grantRetrieveOptions,
  perform: async (request) =>
    await retrieve(request, GET_MODELS.get(request.context.abstractSyntax) ?? 'study', (instances) =>
      getSubOperations(instances, request, { transcode, log }),
    ),
});
