import { AppError, type Principal, requirePermission } from '@archwire/contracts';
import { appendOutbox, foldName, type WithTenant } from '@archwire/database';

import { auditReconcile } from './audit-reconcile.ts';

export interface NewPatient {
  /** VR PN, `Family^Given`. */
  readonly name: string;
  /** `YYYY-MM-DD` */
  readonly birthDate?: string | null | undefined;
  readonly sex?: 'M' | 'F' | 'O' | null | undefined;
  readonly recordNumber?: string | null | undefined;
}

const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '23505';

/**
 * Makes the patient to whom images without a usable Patient ID can be assigned, or into whom a patient known from images
 * alone can be merged.
 * @throws AppError `forbidden`, `invalid` for a name without letters, `conflict` when the record number is taken.
 */
export const registerPatient = async (
  withTenant: WithTenant,
  principal: Principal,
  input: NewPatient,
): Promise<{ readonly patientId: string }> => {
  requirePermission(principal, 'imaging.reconcile.write');
  const folded = foldName(input.name);
  if (folded === null) throw new AppError('invalid', 'Write at least one letter of the name.');
  try {
    return await withTenant(principal.tenantId, async (trx) => {
      const rows: { id: string }[] = await trx('patient')
        .insert({
          tenant_id: principal.tenantId,
          registration: 'registered',
          mrn: input.recordNumber ?? null,
          name: input.name,
          name_folded: folded,
          birth_date: input.birthDate ?? null,
          sex: input.sex ?? null,
        })
        .returning('id');
      const patientId = rows[0]?.id;
      if (patientId === undefined) throw new AppError('internal', 'The patient was not made.');
      await appendOutbox(trx, 'patient.registered', { patientId });
      await auditReconcile(trx, principal, {
        action: 'imaging.patient.register',
        entity: 'patient',
        entityId: patientId,
        patientId,
      });
      return { patientId };
    });
  } catch (error) {
    if (!isTaken(error)) throw error;
    throw new AppError('conflict', 'Another patient has this record number. Search for it.', {
      details: { reason: 'record-number-taken' },
    });
  }
};
