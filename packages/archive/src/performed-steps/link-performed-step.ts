import type { Transaction } from '../query/transaction.ts';

/** One item of Scheduled Step Attributes Sequence: which scheduled step was carried out. Empty texts are unknown. */
export interface ScheduledStepReference {
  readonly studyInstanceUid: string;
  readonly accessionNumber: string;
  readonly scheduledProcedureStepId: string;
}

/**
 * Links a performed step to the orders and steps that it names: by Study Instance UID, else by accession number; the step by
 * its ID, else by the modality. A step that nobody ordered is linked to nothing.
 */
export const linkPerformedStep = async (
  trx: Transaction,
  performedStepId: string,
  modality: string,
  references: readonly ScheduledStepReference[],
): Promise<void> => {
  await trx.raw(
    `with named as (
       select r."scheduledProcedureStepId" as step_id, o.id as order_id
         from jsonb_to_recordset(:references::jsonb) as r(
                "studyInstanceUid" text, "accessionNumber" text, "scheduledProcedureStepId" text)
        cross join lateral (
          select id from (
            select o.id, 0 as proof from imaging_order o where o.study_uid = r."studyInstanceUid"
            union all
            select o.id, 1 from imaging_order o
             where r."accessionNumber" <> '' and o.accession_key = accession_key(r."accessionNumber")) found
           order by proof, id limit 1) o),
     steps as (
       select n.order_id, t.step_no,
              rank() over (partition by n.order_id, n.step_id order by (t.step_id = n.step_id) desc) as place,
              t.step_id = n.step_id or t.modality = :modality
                or 1 = (select count(*) from imaging_order_step a where a.order_id = n.order_id) as fits
         from named n join imaging_order_step t on t.order_id = n.order_id)
     insert into performed_step_order (tenant_id, performed_step_id, order_id, step_no)
       select app_tenant(), :performedStepId, n.order_id, coalesce(s.step_no, 0)
         from (select distinct order_id from named) n
         left join (select distinct order_id, step_no from steps where place = 1 and fits) s on s.order_id = n.order_id
       on conflict do nothing`,
    { references: JSON.stringify(references), performedStepId, modality },
  );
};
