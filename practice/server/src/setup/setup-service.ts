import { rejectStudies } from '@archwire/archive';
import { AppError, createUid, type Principal, requirePermission } from '@archwire/contracts';
import type { Database } from '@archwire/database';
import type { Knex } from 'knex';
import { actorOf, auditAccount } from '../accounts/audit-entry.ts';
import type { Admission } from '../devices/admission.ts';
import { readSetupState, type SetupState, type SetupStep } from './setup-state.ts';
import { readTestImageState, type TestImageState } from './test-image-state.ts';
import { TEST_PATIENT } from './test-patient.ts';

export interface TestImageTarget {
  readonly callingAe: string;
  readonly calledAe: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
}

export interface SetupService {
  read(principal: Principal): Promise<SetupState>;
  confirm(principal: Principal, step: SetupStep): Promise<void>;
  finish(principal: Principal): Promise<void>;
  /**
   * Sends an image of the test patient to this very server, over DIMSE and through the same door as equipment.
   * @throws AppError `not-found` for the device; `conflict` `not-admitted` when the server would refuse itself or take the
   *   image for another group's; `unavailable` when the listener does not run here, or refuses.
   */
  sendTestImage(
    principal: Principal,
    deviceId: string | null,
  ): Promise<TestImageTarget & { readonly milliseconds: number }>;
  testImage(principal: Principal, sopInstanceUid: string): Promise<TestImageState>;
  /** Rejects the studies of the test patient, who is forgotten where nothing else refers to them. */
  removeTestImage(principal: Principal): Promise<void>;
}

const WRITE = 'accounts.group.write';
/** Without a device: what this server calls itself when it sends to itself. */
const OWN_AE = 'ARCHWIRE-TEST';

interface DeviceRow {
  readonly id: string;
  readonly ae_title: string;
  readonly called_ae: string | null;
  readonly active: boolean;
}

const forgetPatient = async (trx: Knex.Transaction, patientId: string): Promise<void> => {
  if ((await trx('study').where({ patient_id: patientId }).first('id')) !== undefined) return;
  await trx('patient_identifier').where({ patient_id: patientId }).delete();
  await trx('patient').where({ id: patientId }).delete();
};

export const createSetupService = (deps: {
  readonly database: Pick<Database, 'withTenant'>;
  readonly admission: Pick<Admission, 'admit'>;
  readonly aeTitle: string;
  /** Where the server reaches its own listener, and what it sends there; `null` when DIMSE does not run in this process. */
  readonly loop: {
    readonly address: string;
    readonly send: (target: TestImageTarget) => Promise<void>;
  } | null;
}): SetupService => {
  const { database, admission, aeTitle, loop } = deps;
  const inTenant = async <T>(
    principal: Principal,
    work: (trx: Knex.Transaction) => Promise<T>,
  ): Promise<T> => {
    requirePermission(principal, WRITE);
    return await database.withTenant(principal.tenantId, work);
  };

  const titles = async (principal: Principal, deviceId: string | null) => {
    if (deviceId === null) return { callingAe: OWN_AE, calledAe: aeTitle };
    const device = await inTenant(principal, (trx) =>
      trx<DeviceRow>('device').where({ id: deviceId, active: true }).first(),
    );
    if (device === undefined)
      throw new AppError('not-found', 'There is no such active device.', { details: { deviceId } });
    return { callingAe: device.ae_title, calledAe: device.called_ae ?? aeTitle };
  };

  return {
    read: async (principal) => await inTenant(principal, readSetupState),

    confirm: async (principal, step) => {
      await inTenant(principal, (trx) =>
        trx.raw(
          `update tenant set setup_confirmed = array(select distinct unnest(setup_confirmed || array[?::text]))
            where id = app_tenant()`,
          [step],
        ),
      );
    },

    finish: async (principal) => {
      await inTenant(principal, async (trx) => {
        const count = await trx('tenant')
          .where({ id: principal.tenantId })
          .whereNull('setup_finished_at')
          .update({ setup_finished_at: trx.fn.now() });
        if (count > 0)
          await auditAccount(trx, actorOf(principal), {
            action: 'setup.finish',
            entity: 'tenant',
            entityId: principal.tenantId,
          });
      });
    },

    sendTestImage: async (principal, deviceId) => {
      requirePermission(principal, WRITE);
      if (loop === null)
        throw new AppError(
          'unavailable',
          'The DICOM listener does not run in this process. Open the page of a server whose ARCHWIRE_SERVICES has dimse.',
          { details: { reason: 'dimse-off' } },
        );
      const { callingAe, calledAe } = await titles(principal, deviceId);
      const decision = await admission.admit({ callingAe, calledAe, address: loop.address });
      if (!decision.admitted || decision.source.tenantId !== principal.tenantId) {
        throw new AppError(
          'conflict',
          `The server would not let itself in as ${callingAe}: the device is registered for another address. Send a test from the device instead.`,
          { details: { reason: 'not-admitted', callingAe } },
        );
      }
      const target = {
        callingAe,
        calledAe,
        studyInstanceUid: createUid(),
        seriesInstanceUid: createUid(),
        sopInstanceUid: createUid(),
      };
      const started = performance.now();
      await loop.send(target);
      const milliseconds = Math.round(performance.now() - started);
      await inTenant(principal, (trx) =>
        auditAccount(trx, actorOf(principal), {
          action: 'setup.test-image.send',
          entity: 'setup',
          entityId: null,
          changed: { callingAe, studyInstanceUid: target.studyInstanceUid },
        }),
      );
      return { ...target, milliseconds };
    },

    testImage: async (principal, sopInstanceUid) =>
      await inTenant(principal, (trx) => readTestImageState(trx, sopInstanceUid)),

    removeTestImage: async (principal) => {
      const studies = await inTenant(principal, (trx) =>
        trx<{ id: string; pat_id: string; patient_id: string | null; match_state: string }>('study')
          .where({ pat_id: TEST_PATIENT.PatientID })
          .whereNot({ match_state: 'rejected' })
          .limit(1000)
          .select('id', 'patient_id'),
      );
      if (studies.length === 0) return;
      await rejectStudies(database.withTenant, principal, {
        studyIds: studies.map(({ id }) => id),
        reason: 'Test image of the first run',
      });
      for (const patientId of new Set(studies.map(({ patient_id }) => patient_id))) {
        if (patientId !== null) await inTenant(principal, (trx) => forgetPatient(trx, patientId));
      }
    },
  };
};
