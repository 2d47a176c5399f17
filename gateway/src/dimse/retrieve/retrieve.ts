import { findRetrievable, outgoingBytes, type InstanceReader, type StoredInstance } from '@archwire/archive';
import { requirePermission } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';
import { readIdentifier } from '@archwire/dicom';
import type { ReadAudit } from '../../dicomweb/index.ts';
import type { DimseRequest, DimseResult } from '../dimse-service.ts';
import { statusOfRetrieveError, TOO_MANY_RETRIEVES, TOO_MANY_TO_SEND } from '../dimse-status.ts';
import { principalOf } from '../principal-of.ts';
import type { QueryRoot } from '../query/query-models.ts';
import type { SendableInstance } from '../scu/sendable-instance.ts';
import { readRetrieve } from './read-retrieve.ts';
import { isRelational } from './retrieve-negotiation.ts';
import { followSubOperations, type SubOperation } from './sub-operations.ts';

/** Each holds some megabytes of what it sends, however slow its peer is. */
const MOST_AT_ONCE = 64;
/** Counters are 16 bits wide (PS3.7 annex E). */
const MOST_SUB_OPERATIONS = 65_535;

/**
 * What C-MOVE and C-GET have in common (PS3.4 C.4.2 and C.4.3): finds what the identifier names in the tenant of the
 * requester, as C-FIND shows it, notes who gets it, has it sent by `send`, and makes the responses. Never rejects.
 */
export type Retrieve = (
  request: DimseRequest,
  root: QueryRoot,
  send: (instances: readonly SendableInstance[]) => AsyncIterable<SubOperation>,
  /** AE title of a third that gets it. */
  destination?: string,
) => Promise<DimseResult>;

export const createRetrieve = ({
  withTenant,
  audit,
  reader,
  mostAtOnce = MOST_AT_ONCE,
  mostSubOperations = MOST_SUB_OPERATIONS,
}: {
  readonly withTenant: WithTenant;
  readonly audit: ReadAudit;
  readonly reader: Pick<InstanceReader, 'stored'>;
  /** 64 unless said otherwise. */
  readonly mostAtOnce?: number;
  /** 65,535 unless said otherwise. */
  readonly mostSubOperations?: number;
}): Retrieve => {
  let running = 0;

  const find = async (request: DimseRequest, root: QueryRoot): Promise<readonly StoredInstance[]> => {
    const { context, dataSet, extended, source } = request;
    requirePermission(principalOf(source), 'imaging.study.read');
    const identifier = readIdentifier(dataSet, context.transferSyntax);
    const keys = readRetrieve(root, identifier.dataSet, isRelational(extended));
    return await withTenant(
      source.tenantId,
      async (trx) => await findRetrievable(trx, keys, mostSubOperations + 1),
    );
  };

  return async (request, root, send, destination) => {
    if (running >= mostAtOnce) return { status: TOO_MANY_RETRIEVES };
    running++;
    try {
      const instances = await find(request, root);
      if (instances.length > mostSubOperations) return { status: TOO_MANY_TO_SEND };
      const principal = principalOf(request.source);
      for (const studyUid of new Set(instances.map(({ StudyInstanceUID }) => StudyInstanceUID)))
        audit.note(principal, {
          action: 'imaging.study.retrieved',
          studyUid,
          ...(destination === undefined ? {} : { destination }),
        });
      const sendable = instances.map((instance) => ({
        ...instance,
        open: async () => await outgoingBytes(reader, instance),
      }));
      const uids = instances.map(({ SOPInstanceUID }) => SOPInstanceUID);
      return await followSubOperations(uids, send(sendable), request);
    } catch (error) {
      return { status: statusOfRetrieveError(error), error };
    } finally {
      running--;
    }
  };
};
