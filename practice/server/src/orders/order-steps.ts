import type { NewImagingOrder } from '@archwire/contracts/api/orders';
import { foldName } from '@archwire/database';
import type { Knex } from 'knex';

type NewSteps = NewImagingOrder['steps'];

/** Writes the steps of an order, in place of those that it had. */
export const writeSteps = async (
  trx: Knex.Transaction,
  tenantId: string,
  order: { readonly id: string; readonly accessionNo: string },
  steps: NewSteps,
): Promise<void> => {
  await trx('imaging_order_step').where({ order_id: order.id }).delete();
  await trx('imaging_order_step').insert(
    steps.map((step, index) => ({
      tenant_id: tenantId,
      order_id: order.id,
      step_no: index + 1,
      step_id: `${order.accessionNo}.${index + 1}`,
      modality: step.modality,
      station_aes: step.stationAeTitles ?? [],
      station_name: step.stationName ?? null,
      performing_name: step.performingPhysician ?? null,
      performing_name_folded: foldName(step.performingPhysician ?? null),
      description: step.description ?? null,
      protocol_codes: JSON.stringify(step.protocolCodes ?? []),
    })),
  );
};
