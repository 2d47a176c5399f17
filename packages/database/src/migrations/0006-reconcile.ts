import type { Migration } from './migration.ts';

/** What people look through to reconcile: open conflicts, rejected studies, merges that stand, an identifier of any issuer. */
export const reconcile: Migration = {
  name: '0006-reconcile',

  up: async (trx) => {
    await trx.raw(`
      create index instance_conflict_open on instance_conflict (tenant_id, received_at, id) where resolved_at is null;
      create index study_rejected on study (tenant_id, first_at desc, id desc) where match_state = 'rejected';
      create index patient_merge_open on patient_merge (tenant_id, merged_at desc, id desc) where undone_at is null;
      create index patient_identifier_value on patient_identifier (tenant_id, value);
    `);
  },

  down: async (trx) => {
    await trx.raw(
      'drop index instance_conflict_open, study_rejected, patient_merge_open, patient_identifier_value',
    );
  },
};
