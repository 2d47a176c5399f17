import type { Logger } from '@archwire/runtime';
import { CommandField } from '../command-field.ts';
import type { AssociationSource, DimseRequest, DimseService } from '../dimse-service.ts';
import { DESTINATION_UNKNOWN, statusOfRetrieveError } from '../dimse-status.ts';
import { PLAIN_TRANSFER_SYNTAXES } from '../plain-transfer-syntaxes.ts';
import type { AssociationPool } from '../scu/association-pool.ts';
import type { Peer } from '../scu/peer.ts';
import type { SendableInstance, Transcode } from '../scu/sendable-instance.ts';
import { storeInstances } from '../scu/store-instances.ts';
import { MOVE_MODELS } from './retrieve-models.ts';
import { grantRetrieveOptions } from './retrieve-negotiation.ts';
import type { Retrieve } from './retrieve.ts';
import type { SubOperation } from './sub-operations.ts';
import { tellFailures } from './tell-failures.ts';

/** Where a Move Destination listens; `null` when the tenant of the source has no such device that could be reached. */
export type FindDestination = (source: AssociationSource, aeTitle: string) => Promise<Peer | null>;

export interface MoveScpDeps {
  readonly retrieve: Retrieve;
  readonly transcode: Transcode;
  readonly destination: FindDestination;
  readonly pool: Pick<AssociationPool, 'lease'>;
  readonly log: Pick<Logger, 'warn'>;
}

async function* moveSubOperations(
  instances: readonly SendableInstance[],
  peer: Peer,
  { source, command }: DimseRequest,
  { pool, transcode, log }: MoveScpDeps,
): AsyncGenerator<SubOperation, void, undefined> {
  const tell = tellFailures(log, { destination: peer.calledAe, host: peer.host });
  const sent = storeInstances(instances, {
    lease: async (contexts) => await pool.lease(peer, contexts),
    transcode,
    moveOriginator: { aeTitle: source.callingAe ?? '', messageId: command.MessageID },
  });
  for await (const { instance, result } of sent) {
    const { SOPInstanceUID } = instance;
    if (result.outcome === 'failed') tell(SOPInstanceUID, result.failure);
    yield { SOPInstanceUID, outcome: result.outcome === 'stored' ? 'completed' : result.outcome };
  }
}

/**
 * C-MOVE SCP of Patient Root and Study Root (PS3.4 C.4.2): what is asked for goes over another association to a registered
 * device of the same tenant, and to nobody else.
 */
export const createMoveScp = (deps: MoveScpDeps): DimseService => ({
  name: 'C-MOVE',
  commandField: CommandField.CMove,
  abstractSyntaxes: MOVE_MODELS,
  transferSyntaxes: PLAIN_TRANSFER_SYNTAXES,
  needsDataSet: true,
  negotiate: grantRetrieveOptions,
  perform: async (request) => {
    const { command, context, source } = request;
    const aeTitle = command.MoveDestination ?? '';
    try {
      const peer = aeTitle === '' ? null : await deps.destination(source, aeTitle);
      if (peer === null) return { status: DESTINATION_UNKNOWN };
      const root = MOVE_MODELS.get(context.abstractSyntax) ?? 'study';
      return await deps.retrieve(
        request,
        root,
        (instances) => moveSubOperations(instances, peer, request, deps),
        aeTitle,
      );
    } catch (error) {
      return { status: statusOfRetrieveError(error), error };
    }
  },
});
