import type { Migration } from './migration.ts';

/**
 * Names and identifiers by which studies are found, with the place of each study in the list: which fifty of thousands
 * stand first is known from the index alone.
 */
export const nameOrder: Migration = {
  name: '0029-name-order',

  up: async (trx) => {
    await trx.raw(`
      drop index study_name, study_pat_id_folded, study_accession_folded, patient_mrn_folded, patient_identifier_folded;
      create index study_name on study (tenant_id, pat_name_folded) include (on_date, on_time, id);
      create index study_pat_id_folded on study (tenant_id, pat_id_folded) include (on_date, on_time, id)
        where pat_id_folded is not null;
      create index study_accession_folded on study (tenant_id, accession_folded) include (on_date, on_time, id)
        where accession_folded is not null;
      create index patient_mrn_folded on patient (tenant_id, mrn_folded) include (id) where mrn_folded is not null;
      create index patient_identifier_folded on patient_identifier (tenant_id, value_folded) include (patient_id);
    `);
  },

  down: async (trx) => {
    await trx.raw(`
      drop index study_name, study_pat_id_folded, study_accession_folded, patient_mrn_folded, patient_identifier_folded;
      create index study_name on study (tenant_id, pat_name_folded, study_date desc);
      create index study_pat_id_folded on study (tenant_id, pat_id_folded) where pat_id_folded is not null;
      create index study_accession_folded on study (tenant_id, accession_folded) where accession_folded is not null;
      create index patient_mrn_folded on patient (tenant_id, mrn_folded) where mrn_folded is not null;
      create index patient_identifier_folded on patient_identifier (tenant_id, value_folded);
    `);
  },
};
