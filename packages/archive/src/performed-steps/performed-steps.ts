import { AppError } from '@archwire/contracts';
import { appendAudit, type WithTenant } from '@archwire/database';
import type { DicomJson } from '@archwire/dicom';
import { z } from 'zod';
import { linkPerformedStep, type ScheduledStepReference } from './link-performed-step.ts';
import { moveOrders, type DiscontinuationReason } from './move-orders.ts';
import type { PerformedStepRow, PerformedStepState } from './performed-step-row.ts';
import type { Transaction } from '../query/transaction.ts';

/** Whose equipment speaks. */
export interface PerformedStepSource {
  readonly tenantId: string;
  readonly locationId: string;
  readonly deviceId: string | null;
  readonly callingAe: string | null;
  readonly address: string | null;
}

export interface NewPerformedStep {
  readonly sopInstanceUid: string;
  readonly modality: string;
  readonly scheduled: readonly ScheduledStepReference[];
  readonly dataSet: DicomJson;
}

/** What equipment says of the performed procedure steps of its images. */
export interface PerformedSteps {
  /** A step begins, and with it its order. @throws AppError `conflict` when there is one of this UID. */
  create(source: PerformedStepSource, step: NewPerformedStep): Promise<void>;
  /**
   * A step goes on or ends. `change` gets what is kept and says what it is now.
   * @throws AppError `not-found`, `conflict` when it has ended, and whatever `change` throws.
   */
  update(
    source: PerformedStepSource,
    sopInstanceUid: string,
    change: (dataSet: DicomJson) => {
      readonly state: PerformedStepState;
      readonly dataSet: DicomJson;
      readonly reason: DiscontinuationReason | null;
    },
  ): Promise<void>;
}

const isDataSet = (value: unknown): value is DicomJson =>
  z.record(z.string(), z.object({ vr: z.string() })).safeParse(value).success;

const audit = async (
  trx: Transaction,
  source: PerformedStepSource,
  action: string,
  id: string,
  state: PerformedStepState,
): Promise<void> => {
  await appendAudit(trx, {
    actorKind: source.deviceId === null ? 'system' : 'device',
    actorId: source.deviceId,
    action,
    outcome: 'success',
    entity: 'performed-step',
    entityId: id,
    address: source.address,
    after: { state },
  });
};

export const createPerformedSteps = ({
  withTenant,
}: {
  readonly withTenant: WithTenant;
}): PerformedSteps => ({
  create: async (source, { sopInstanceUid, modality, scheduled, dataSet }) => {
    await withTenant(source.tenantId, async (trx) => {
      const { rows }: { rows: { id: string }[] } = await trx.raw(
        `insert into performed_step (tenant_id, sop_uid, location_id, device_id, calling_ae, state, data_set)
           values (app_tenant(), ?, ?, ?, ?, 'in_progress', ?) on conflict (tenant_id, sop_uid) do nothing returning id`,
        [sopInstanceUid, source.locationId, source.deviceId, source.callingAe, JSON.stringify(dataSet)],
      );
      const [made] = rows;
      if (made === undefined)
        throw new AppError('conflict', 'There is a step of this UID. Make another UID.', {
          details: { reason: 'duplicate' },
        });
      await linkPerformedStep(trx, made.id, modality, scheduled);
      await moveOrders(trx, made.id, 'in_progress', null);
      await audit(trx, source, 'performed-step.create', made.id, 'in_progress');
    });
  },

  update: async (source, sopInstanceUid, change) => {
    await withTenant(source.tenantId, async (trx) => {
      const row = await trx<PerformedStepRow & { sop_uid: string }>('performed_step')
        .where({ sop_uid: sopInstanceUid })
        .forNoKeyUpdate()
        .first('id', 'state', 'data_set');
      if (row === undefined) throw new AppError('not-found', 'There is no such step. Send N-CREATE first.');
      if (row.state !== 'in_progress')
        throw new AppError('conflict', 'This step has ended and may not be changed.', {
          details: { reason: 'ended' },
        });
      if (!isDataSet(row.data_set))
        throw new AppError('internal', 'A performed step is kept as no data set.');
      const { state, dataSet, reason } = change(row.data_set);
      await trx('performed_step')
        .where({ id: row.id })
        .update({ state, data_set: JSON.stringify(dataSet), updated_at: trx.fn.now() });
      await moveOrders(trx, row.id, state, reason);
      await audit(trx, source, 'performed-step.update', row.id, state);
    });
  },
});
