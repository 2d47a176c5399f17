import { createHash } from 'node:crypto';
import { noteAvailability, readAvailability } from '@archwire/archive';
import type { JobPayload } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';
import { CommandField } from '../command-field.ts';
import type { Peer } from '../scu/peer.ts';
import { tellPeer } from '../scu/tell-peer.ts';
import { availabilityDataSet } from './availability-data-set.ts';

const INSTANCE_AVAILABILITY_NOTIFICATION = '1.2.840.10008.5.1.4.33';
/** The notification was taken before, and its response was lost (PS3.7 section 10.1.5.1.6). */
const DUPLICATE_SOP_INSTANCE = 0x0111;

/** The same notification has the same UID however often it is sent (PS3.5 section B.2: 128 bits as an integer). */
const noticeUid = (...parts: readonly (string | number)[]): string => {
  const digest = createHash('sha256').update(parts.join('/')).digest('hex').slice(0, 32);
  return `2.25.${BigInt(`0x${digest}`)}`;
};

/**
 * Tells a device by N-CREATE that the instances of a settled study can be fetched here (PS3.4 annex R). Nothing to do when
 * it was told of this very state, or when something is still on its way.
 * @throws AppError `unavailable` when the device cannot be reached or does not take it; `not-found` when nobody knows
 * where it listens.
 */
export const createNotifyAvailability =
  (deps: {
    readonly withTenant: WithTenant;
    readonly peerOf: (tenantId: string, deviceId: string) => Promise<Peer>;
    /** Where the instances can be fetched: this server. */
    readonly aeTitle: string;
  }) =>
  async ({ deviceId, studyId, tenantId }: JobPayload<'notify-availability'>): Promise<void> => {
    const { aeTitle, peerOf, withTenant } = deps;
    const study = await withTenant(tenantId, async (trx) => await readAvailability(trx, studyId, deviceId));
    if (study === null) return;
    await tellPeer(await peerOf(tenantId, deviceId), {
      commandField: CommandField.NCreate,
      sopClass: INSTANCE_AVAILABILITY_NOTIFICATION,
      elements: { AffectedSOPInstanceUID: noticeUid(studyId, deviceId, study.revision) },
      dataSet: availabilityDataSet(study, aeTitle),
      accepts: (status) => status === 0 || status === DUPLICATE_SOP_INSTANCE,
    });
    await withTenant(tenantId, async (trx) => await noteAvailability(trx, studyId, deviceId, study.revision));
  };
