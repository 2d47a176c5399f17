import type { Knex } from 'knex';
import { TEST_PATIENT } from './test-patient.ts';

/** In the order in which a person takes them. */
export const SETUP_STEPS = ['group', 'locations', 'device', 'test-image'] as const;
export type SetupStep = (typeof SETUP_STEPS)[number];

export interface SetupState {
  readonly steps: { readonly step: SetupStep; readonly done: boolean }[];
  readonly finished: boolean;
  /** Nothing was done yet, and nothing arrived. */
  readonly fresh: boolean;
}

interface Row {
  readonly setup_confirmed: readonly string[];
  readonly setup_finished_at: Date | null;
  readonly has_device: boolean;
  readonly has_test: boolean;
  readonly has_study: boolean;
}

const READ = `
  select t.setup_confirmed, t.setup_finished_at,
         exists (select 1 from device) as has_device,
         exists (select 1 from study where pat_id = ?) as has_test,
         exists (select 1 from study) as has_study
    from tenant t where t.id = app_tenant()`;

/** What the group has confirmed, and what can be seen without asking: a device, a test image that arrived. */
export const readSetupState = async (trx: Knex.Transaction): Promise<SetupState> => {
  const { rows } = await trx.raw<{ rows: Row[] }>(READ, [TEST_PATIENT.PatientID]);
  const [row] = rows;
  const done: Readonly<Record<SetupStep, boolean>> = {
    group: false,
    locations: false,
    device: row?.has_device ?? false,
    'test-image': row?.has_test ?? false,
  };
  const confirmed = row?.setup_confirmed ?? [];
  const finished = row?.setup_finished_at != null;
  return {
    steps: SETUP_STEPS.map((step) => ({ step, done: done[step] || confirmed.includes(step) })),
    finished,
    fresh: !finished && confirmed.length === 0 && row?.has_device === false && !row.has_study,
  };
};
