import type { CommitmentReference, CommitmentRequests, CommitmentResult } from '@archwire/archive';
import type { DicomJson } from '@archwire/dicom';
import type { RoleSelection } from '../associate-request.ts';
import { CommandField } from '../command-field.ts';
import { statusClass } from '../status-class.ts';
import { DimseFailure } from './dimse-failure.ts';
import { exchange } from './exchange.ts';
import { oneTimeLease } from './one-time-lease.ts';
import type { Peer } from './peer.ts';
import { queryContexts } from './query-contexts.ts';
import type { ScuLimits } from './scu-association.ts';
import { serveCommitmentResult } from './serve-commitment-result.ts';

/** Storage Commitment Push Model and its well-known instance (PS3.4 J.3). */
const SOP_CLASS = '1.2.840.10008.1.20.1';
const SOP_INSTANCE = '1.2.840.10008.1.20.1.1';
const REQUEST_COMMITMENT = 1;
/** We are the user of the service, and hear of its events. */
const ROLES: ReadonlyMap<string, RoleSelection> = new Map([[SOP_CLASS, { scu: true, scp: false }]]);

const actionInformation = (
  transactionUid: string,
  references: readonly CommitmentReference[],
): DicomJson => ({
  '00081195': { vr: 'UI', Value: [transactionUid] },
  '00081199': {
    vr: 'SQ',
    Value: references.map(({ SOPClassUID, SOPInstanceUID }) => ({
      '00081150': { vr: 'UI', Value: [SOPClassUID] },
      '00081155': { vr: 'UI', Value: [SOPInstanceUID] },
    })),
  },
});

/**
 * Asks a peer to answer for instances that were sent to it (PS3.4 annex J), and waits a moment for the answer on the same
 * association; most peers send it later on one of their own, which our listener takes.
 * @returns the Transaction UID under which the answer is kept. @throws AssociationError; DimseFailure when the peer refuses:
 * nothing is kept then.
 */
export const requestCommitment = async (
  peer: Peer,
  request: {
    readonly tenantId: string;
    readonly deviceId: string;
    /** 65,535 at most would be an item each; peers take far fewer at once. */
    readonly references: readonly CommitmentReference[];
    /** For the answer on this association; 0: do not wait. */
    readonly waitMs: number;
    readonly limits?: Partial<ScuLimits>;
  },
  requests: CommitmentRequests,
): Promise<string> => {
  const { tenantId, deviceId, references, waitMs, limits } = request;
  const transactionUid = await requests.begin(tenantId, deviceId, references);
  const answered = Promise.withResolvers<void>();
  const record = async (result: CommitmentResult): Promise<void> => {
    await requests.record(tenantId, deviceId, result);
    if (result.TransactionUID === transactionUid) answered.resolve();
  };
  let isTaken = false;
  try {
    const lease = await oneTimeLease(
      { ...peer, roles: ROLES, serve: serveCommitmentResult(record) },
      limits,
    )(queryContexts([SOP_CLASS]));
    try {
      const answers = exchange(lease, {
        commandField: CommandField.NAction,
        sopClass: SOP_CLASS,
        elements: {
          RequestedSOPClassUID: SOP_CLASS,
          RequestedSOPInstanceUID: SOP_INSTANCE,
          ActionTypeID: REQUEST_COMMITMENT,
        },
        dataSet: actionInformation(transactionUid, references),
      });
      for await (const { command } of answers) {
        const kind = statusClass(command.Status);
        if (kind !== 'success' && kind !== 'warning')
          throw new DimseFailure(command.Status, command.ErrorComment);
      }
      isTaken = true;
      const timer = setTimeout(answered.resolve, waitMs);
      await Promise.race([answered.promise, lease.association.closed]);
      clearTimeout(timer);
    } finally {
      await lease.done();
    }
  } catch (error) {
    if (!isTaken) await requests.withdraw(tenantId, transactionUid);
    throw error;
  }
  return transactionUid;
};
