import type { Commitments } from '@archwire/archive';
import { AppError, type JobPayload } from '@archwire/contracts';
import { CommandField } from '../command-field.ts';
import type { Peer } from '../scu/peer.ts';
import { tellPeer } from '../scu/tell-peer.ts';
import { STORAGE_COMMITMENT, STORAGE_COMMITMENT_INSTANCE } from './commitment-service.ts';
import { eventInformation } from './event-information.ts';

/**
 * Tells a device what became of its request on an association of our own, on which we are the SCP (PS3.4 section J.3.3,
 * PS3.7 D.3.3.4). Nothing to do when it has been told.
 * @throws AppError `unavailable` when the device cannot be reached or does not take it: try again later; `not-found` when
 * nobody knows where it listens.
 */
export const createReportCommitment =
  (deps: {
    readonly commitments: Commitments;
    readonly peerOf: (tenantId: string, deviceId: string) => Promise<Peer>;
    readonly aeTitle: string;
  }) =>
  async ({ requestId, tenantId }: JobPayload<'report-commitment'>): Promise<void> => {
    const { aeTitle, commitments, peerOf } = deps;
    const report = await commitments.check(tenantId, requestId);
    if (report === null) return;
    if (report.deviceId === null) {
      throw new AppError(
        'not-found',
        `The device ${report.callingAe} asked for storage commitment and is not registered. Register it with its host and port.`,
      );
    }
    const { dataSet, eventTypeId } = eventInformation(report, aeTitle);
    await tellPeer(
      // By the title that the device called: it may know us by several.
      { ...(await peerOf(tenantId, report.deviceId)), callingAe: report.calledAe },
      {
        commandField: CommandField.NEventReport,
        sopClass: STORAGE_COMMITMENT,
        role: { scu: false, scp: true },
        elements: { AffectedSOPInstanceUID: STORAGE_COMMITMENT_INSTANCE, EventTypeID: eventTypeId },
        dataSet,
        accepts: (status) => status === 0,
      },
    );
    await commitments.reported(tenantId, requestId, report.result);
  };
