import { AppError, type Principal, requirePermission } from '@archwire/contracts';
import { foldName, type WithTenant } from '@archwire/database';
import type { Knex } from 'knex';

import { auditReconcile } from './audit-reconcile.ts';

export interface PatientSearch {
  /** `any` of the others, or a birth date as `YYYY-MM-DD`. The beginning of a name, as `Family^Given` or `Family, Given`; a whole Patient ID, of any issuer; a whole record number. */
  readonly by: 'any' | 'name' | 'patient-id' | 'record-number';
  readonly text: string;
  /** `next` of the page before. */
  readonly after?: string | undefined;
}

export interface FoundPatient {
  readonly patientId: string;
  readonly registration: 'registered' | 'imaging-only';
  readonly recordNumber: string | null;
  readonly name: string | null;
  readonly birthDate: string | null;
  readonly sex: string | null;
  readonly identifiers: readonly { readonly issuer: string; readonly value: string }[];
  readonly studyCount: number;
}

interface Row {
  readonly id: string;
  readonly registration: FoundPatient['registration'];
  readonly mrn: string | null;
  readonly name: string | null;
  readonly birth_date: string | null;
  readonly sex: string | null;
  readonly identifiers: { issuer: string; value: string }[];
  readonly study_count: number;
}

const PAGE = 25;

/** People write `Doe, Jane`; the index holds `doe^jane`. A wildcard means nothing at the end of a beginning. */
const prefixOf = (text: string): string => {
  const name = text.includes('^') ? text : text.replace(',', '^');
  return foldName(name.replaceAll(/[*?]/g, '')) ?? '';
};

const conditionOf = async (
  trx: Knex.Transaction,
  { by, text, after }: PatientSearch,
): Promise<{ readonly sql: string; readonly bindings: readonly string[] }> => {
  const value = text.trim();
  if (by === 'patient-id') {
    return {
      sql: 'p.id in (select k.patient_id from patient_identifier k where k.value = ?)',
      bindings: [value],
    };
  }
  if (by === 'record-number') return { sql: 'p.mrn = ?', bindings: [value] };
  const prefix = prefixOf(text);
  if (by === 'any') {
    const isDay = /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));
    return {
      sql: `p.id in (
        select k.patient_id from patient_identifier k where k.value = ?
        union select m.id from patient m where m.mrn = ?
        ${isDay ? `union (select b.id from patient b where b.birth_date = ?::date limit ${PAGE})` : ''}
        ${prefix === '' ? '' : `union (select n.id from patient n where n.status = 'active' and n.name_folded >= ? and n.name_folded < ? || U&'\\+10FFFF' order by n.name_folded limit ${PAGE + 1})`})`,
      bindings: [value, value, ...(isDay ? [value] : []), ...(prefix === '' ? [] : [prefix, prefix])],
    };
  }
  if (prefix === '') throw new AppError('invalid', 'Write at least one letter or digit of the name.');
  const within = `p.name_folded >= ? and p.name_folded < ? || U&'\\+10FFFF'`;
  if (after === undefined) return { sql: within, bindings: [prefix, prefix] };
  const last = await trx<{ id: string; name_folded: string | null }>('patient')
    .where({ id: after })
    .first('name_folded');
  if (last === undefined)
    throw new AppError('not-found', 'The list goes on from a patient who is not there. Search again.');
  return {
    sql: `${within} and (p.name_folded, p.id) > (?, ?::uuid)`,
    bindings: [prefix, prefix, last.name_folded ?? '', after],
  };
};

/**
 * Active patients that a study may be assigned to or merged with, by name; a Patient ID or record number may have only
 * a page of them. The audit log says who searched, not for what.
 * @throws AppError `forbidden`, `invalid` for a name without letters, `not-found` when `after` is no patient.
 */
export const searchPatients = async (
  withTenant: WithTenant,
  principal: Principal,
  search: PatientSearch,
): Promise<{ readonly patients: readonly FoundPatient[]; readonly next: string | null }> => {
  requirePermission(principal, 'imaging.reconcile.write');
  return await withTenant(principal.tenantId, async (trx) => {
    const { sql, bindings } = await conditionOf(trx, search);
    const { rows }: { rows: Row[] } = await trx.raw(
      `select p.id, p.registration, p.mrn, p.name, p.birth_date::text as birth_date, p.sex,
              (select coalesce(jsonb_agg(jsonb_build_object('issuer', k.issuer, 'value', k.value) order by k.issuer, k.value), '[]')
                 from patient_identifier k where k.patient_id = p.id) as identifiers,
              (select count(*)::int from study s where s.patient_id = p.id) as study_count
         from patient p
        where p.status = 'active' and ${sql}
        order by p.name_folded, p.id limit ${PAGE + 1}`,
      [...bindings],
    );
    const patients = rows.slice(0, PAGE).map((row) => ({
      patientId: row.id,
      registration: row.registration,
      recordNumber: row.mrn,
      name: row.name,
      birthDate: row.birth_date,
      sex: row.sex,
      identifiers: row.identifiers,
      studyCount: row.study_count,
    }));
    await auditReconcile(trx, principal, {
      action: 'imaging.patient.searched',
      after: { by: search.by, patientIds: patients.map(({ patientId }) => patientId) },
    });
    const isMore = search.by === 'name' && rows.length > PAGE;
    return { patients, next: isMore ? (patients.at(-1)?.patientId ?? null) : null };
  });
};
