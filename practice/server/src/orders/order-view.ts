import { AppError } from '@archwire/contracts';
import {
  Code,
  type ImagingOrder,
  type ImagingOrderQuery,
  orderPriorities,
  orderStates,
  stepStates,
} from '@archwire/contracts/api/orders';
import type { Knex } from 'knex';
import { z } from 'zod';

const StepRow = z.object({
  step_id: z.string(),
  modality: z.string(),
  station_aes: z.array(z.string()),
  station_name: z.string().nullable(),
  description: z.string().nullable(),
  performing_name: z.string().nullable(),
  protocol_codes: z.array(Code),
  state: z.enum(stepStates),
});

interface Row {
  readonly id: string;
  readonly state: string;
  readonly accession_no: string;
  readonly requested_procedure_id: string;
  readonly study_uid: string;
  readonly description: string;
  readonly priority: string;
  readonly patient_id: string;
  readonly pat_name: string | null;
  readonly pat_birth_date: string | null;
  readonly pat_sex: string | null;
  readonly pat_id: string | null;
  readonly pat_issuer: string | null;
  readonly location_id: string;
  readonly location_name: string;
  readonly start_date: string;
  readonly start_time: string;
  readonly requesting_name: string | null;
  readonly medical_alerts: string | null;
  readonly allergies: string | null;
  readonly reason_code: string | null;
  readonly reason_scheme: string | null;
  readonly reason_meaning: string | null;
  readonly created_at: Date;
  readonly checked_in_at: Date | null;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
  readonly steps: unknown;
  readonly study_ids: readonly string[];
}

const SELECT = `
  select o.id, o.state, o.accession_no, o.requested_procedure_id, o.study_uid, o.description, o.priority,
         o.patient_id, p.name as pat_name, p.birth_date::text as pat_birth_date, p.sex as pat_sex,
         k.value as pat_id, k.issuer as pat_issuer, o.location_id, l.name as location_name,
         o.start_date::text as start_date, o.start_time, o.requesting_name, o.medical_alerts, o.allergies,
         o.reason_code, o.reason_scheme, o.reason_meaning, o.created_at, o.checked_in_at, o.started_at, o.ended_at,
         (select jsonb_agg(to_jsonb(t) order by t.step_no) from imaging_order_step t
           where t.tenant_id = o.tenant_id and t.order_id = o.id) as steps,
         array(select s.id from study s where s.tenant_id = o.tenant_id and s.order_id = o.id
                  and s.match_state in ('auto', 'matched') order by s.id) as study_ids
    from imaging_order o
    join patient p on p.tenant_id = o.tenant_id and p.id = o.patient_id
    join location l on l.tenant_id = o.tenant_id and l.id = o.location_id
    left join lateral (
      select i.issuer, i.value from patient_identifier i
       where i.tenant_id = p.tenant_id and i.patient_id = p.id and i.issuer = l.issuer
       order by i.created_at, i.value limit 1) k on true`;

const word = <T extends string>(words: readonly T[], text: string): T => {
  const found = words.find((one) => one === text);
  if (found === undefined) throw new AppError('internal', `An order has the unknown word ${text}.`);
  return found;
};

const present = (row: Row): ImagingOrder => ({
  id: row.id,
  state: word(orderStates, row.state),
  accessionNumber: row.accession_no,
  requestedProcedureId: row.requested_procedure_id,
  studyInstanceUid: row.study_uid,
  description: row.description,
  priority: word(orderPriorities, row.priority),
  patient: {
    id: row.patient_id,
    name: row.pat_name,
    birthDate: row.pat_birth_date,
    sex: row.pat_sex,
    patientId: row.pat_id,
    issuer: row.pat_issuer,
  },
  locationId: row.location_id,
  locationName: row.location_name,
  date: row.start_date,
  time: row.start_time.slice(0, 5),
  requestingPhysician: row.requesting_name,
  medicalAlerts: row.medical_alerts,
  allergies: row.allergies,
  steps: z
    .array(StepRow)
    .parse(row.steps ?? [])
    .map((step) => ({
      stepId: step.step_id,
      modality: step.modality,
      stationAeTitles: step.station_aes,
      stationName: step.station_name,
      description: step.description,
      performingPhysician: step.performing_name,
      protocolCodes: step.protocol_codes,
      state: step.state,
    })),
  reason:
    row.reason_meaning === null
      ? null
      : { code: row.reason_code, scheme: row.reason_scheme, meaning: row.reason_meaning },
  studyIds: [...row.study_ids],
  createdAt: row.created_at.toISOString(),
  checkedInAt: row.checked_in_at?.toISOString() ?? null,
  startedAt: row.started_at?.toISOString() ?? null,
  endedAt: row.ended_at?.toISOString() ?? null,
});

/** @throws AppError `not-found` */
export const readOrder = async (trx: Knex.Transaction, id: string): Promise<ImagingOrder> => {
  const { rows }: { rows: Row[] } = await trx.raw(`${SELECT} where o.id = ?`, [id]);
  const [row] = rows;
  if (row === undefined)
    throw new AppError('not-found', 'There is no such imaging order. Reload the list.', { details: { id } });
  return present(row);
};

const Cursor = z.tuple([z.iso.date(), z.string().max(20), z.uuid()]);
const readCursor = (text: string): z.infer<typeof Cursor> => {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch (cause) {
    throw new AppError('invalid', 'The list goes on from a place that is none. Load it again.', { cause });
  }
};

/** A page in the order of days and times, and from where the next one goes on. */
export const readOrders = async (
  trx: Knex.Transaction,
  query: ImagingOrderQuery,
): Promise<{ readonly orders: ImagingOrder[]; readonly next: string | null }> => {
  const parts: { sql: string; bindings: Knex.RawBinding[] }[] = [];
  const add = (value: unknown, sql: string, ...bindings: Knex.RawBinding[]): void => {
    if (value !== undefined) parts.push({ sql, bindings });
  };
  const { from, to, locationId, patientId, state, modality, after } = query;
  add(from, 'o.start_date >= ?::date', from ?? null);
  add(to, 'o.start_date <= ?::date', to ?? null);
  add(locationId, 'o.location_id = ?', locationId ?? null);
  add(patientId, 'o.patient_id = ?', patientId ?? null);
  add(state, 'o.state = any(?)', state ?? null);
  add(
    modality,
    'exists (select from imaging_order_step t where t.tenant_id = o.tenant_id and t.order_id = o.id and t.modality = ?)',
    modality ?? null,
  );
  if (after !== undefined)
    add(after, '(o.start_date, o.start_time, o.id) > (?::date, ?, ?::uuid)', ...readCursor(after));
  const { rows }: { rows: Row[] } = await trx.raw(
    `${SELECT} where ${['true', ...parts.map(({ sql }) => sql)].join(' and ')}
      order by o.start_date, o.start_time, o.id limit ?`,
    [...parts.flatMap(({ bindings }) => bindings), query.limit + 1],
  );
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return {
    orders: page.map(present),
    next:
      rows.length > query.limit && last !== undefined
        ? Buffer.from(JSON.stringify([last.start_date, last.start_time, last.id])).toString('base64url')
        : null,
  };
};
