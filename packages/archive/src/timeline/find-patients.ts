import { AppError, type Principal, requirePermission } from '@archwire/contracts';
import { foldName, type WithTenant } from '@archwire/database';
import type { Knex } from 'knex';

export interface PatientSummary {
  readonly patientId: string;
  readonly registration: 'registered' | 'imaging-only';
  readonly recordNumber: string | null;
  readonly name: string | null;
  readonly birthDate: string | null;
  readonly sex: string | null;
  /** One Patient ID, the first of them by issuer, and how many there are. */
  readonly patientIds: readonly string[];
  readonly studyCount: number;
  readonly lastStudyDate: string | null;
}

interface Row {
  readonly id: string;
  readonly registration: PatientSummary['registration'];
  readonly mrn: string | null;
  readonly name: string | null;
  readonly birth_date: string | null;
  readonly sex: string | null;
  readonly patient_ids: string[] | null;
  readonly study_count: number;
  readonly last_date: string | null;
}

interface Part {
  readonly sql: string;
  readonly bindings: readonly (string | number)[];
}

export const PATIENT_PAGE = 50;

const SELECTED = `p.id, p.registration, p.mrn, p.name, p.birth_date::text as birth_date, p.sex,
  (select array_agg(k.value order by k.issuer, k.value) from patient_identifier k where k.patient_id = p.id) as patient_ids,
  (select count(*)::int from study s where s.patient_id = p.id and s.match_state <> 'rejected') as study_count,
  (select max(s.study_date)::text from study s where s.patient_id = p.id and s.match_state <> 'rejected') as last_date`;

/** A person writes `Ruiz, Camille`, `Camille Ruiz` or `ruiz cam`; the index holds `ruiz^camille`. */
const prefixesOf = (text: string): readonly string[] => {
  const plain = text.replaceAll(/[*?]/g, ' ');
  const folded = (name: string): string => foldName(name) ?? '';
  if (/[,^]/.test(plain)) return [folded(plain.replace(',', '^'))].filter((prefix) => prefix !== '');
  const words = folded(plain)
    .split(' ')
    .filter((word) => word !== '');
  const [first, ...rest] = words;
  const last = words.at(-1);
  if (first === undefined || last === undefined) return [];
  if (rest.length === 0) return [first];
  return [
    words.join(' '),
    `${first}^${rest.join(' ')}`,
    `${rest.join(' ')}^${first}`,
    `${last}^${words.slice(0, -1).join(' ')}`,
  ];
};

const nameParts = (text: string): Part | undefined => {
  const prefixes = [...new Set(prefixesOf(text))];
  if (prefixes.length === 0) return undefined;
  return {
    sql: `(${prefixes.map(() => `(p.name_folded >= ? and p.name_folded < ? || U&'\\+10FFFF')`).join(' or ')})`,
    bindings: prefixes.flatMap((prefix) => [prefix, prefix]),
  };
};

/** `YYYY-MM-DD` of a day that there is. */
const isDay = (text: string): boolean => {
  const day = new Date(text);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(day.valueOf()) && day.toISOString().startsWith(text);
};

/** Those whose Patient ID (of any issuer), record number or birth date is exactly this. */
const exactly = async (trx: Knex.Transaction, text: string): Promise<readonly Row[]> => {
  const isDate = isDay(text);
  const { rows }: { rows: Row[] } = await trx.raw(
    `select ${SELECTED} from patient p
      where p.status = 'active' and p.id in (
        select k.patient_id from patient_identifier k where k.value = ?
        union select m.id from patient m where m.mrn = ?
        ${isDate ? 'union (select b.id from patient b where b.birth_date = ?::date limit 50)' : ''})
      order by p.name_folded, p.id limit ${PATIENT_PAGE}`,
    isDate ? [text, text, text] : [text, text],
  );
  return rows;
};

/** Those without a name stand behind all who have one; asked for in one order, PostgreSQL could not walk the index. */
const page = async (
  trx: Knex.Transaction,
  name: Part | undefined,
  after: string | undefined,
): Promise<readonly Row[]> => {
  const last =
    after === undefined
      ? undefined
      : await trx<{ id: string; name_folded: string | null }>('patient')
          .where({ id: after })
          .first('name_folded');
  if (after !== undefined && last === undefined)
    throw new AppError('not-found', 'The list goes on from a patient who is not there. Search again.');
  const rows: Row[] = [];
  const run = async (parts: readonly Part[], order: string): Promise<void> => {
    const where = [`p.status = 'active'`, ...parts.map(({ sql }) => sql)].join(' and ');
    const found: { rows: Row[] } = await trx.raw(
      `select ${SELECTED} from patient p where ${where} order by ${order} limit ?`,
      [...parts.flatMap(({ bindings }) => bindings), PATIENT_PAGE + 1 - rows.length],
    );
    rows.push(...found.rows);
  };
  const inNamed = last === undefined || last.name_folded !== null;
  if (inNamed) {
    const from: Part[] =
      last === undefined || after === undefined
        ? []
        : [{ sql: '(p.name_folded, p.id) > (?, ?::uuid)', bindings: [last.name_folded ?? '', after] }];
    await run(
      [{ sql: 'p.name_folded is not null', bindings: [] }, ...(name === undefined ? [] : [name]), ...from],
      'p.name_folded, p.id',
    );
  }
  if (name === undefined && rows.length <= PATIENT_PAGE) {
    const from: Part[] = inNamed || after === undefined ? [] : [{ sql: 'p.id > ?::uuid', bindings: [after] }];
    await run([{ sql: 'p.name_folded is null', bindings: [] }, ...from], 'p.id');
  }
  return rows;
};

const present = (row: Row): PatientSummary => ({
  patientId: row.id,
  registration: row.registration,
  recordNumber: row.mrn,
  name: row.name,
  birthDate: row.birth_date,
  sex: row.sex,
  patientIds: row.patient_ids ?? [],
  studyCount: row.study_count,
  lastStudyDate: row.last_date,
});

/**
 * Active patients by name, or those that a text finds: the beginning of a name in either order of its parts, a whole
 * Patient ID, a whole record number, a birth date as `YYYY-MM-DD`. What is exact comes first. `after` is `next` of the page before.
 * @throws AppError `forbidden`; `not-found` when `after` is no patient.
 */
export const findPatients = async (
  withTenant: WithTenant,
  principal: Principal,
  { text, after }: { readonly text: string; readonly after?: string | undefined },
): Promise<{ readonly patients: readonly PatientSummary[]; readonly next: string | null }> => {
  requirePermission(principal, 'imaging.study.read');
  const asked = text.trim();
  return await withTenant(principal.tenantId, async (trx) => {
    const exact = asked === '' || after !== undefined ? [] : await exactly(trx, asked);
    const name = nameParts(asked);
    const found = asked !== '' && name === undefined ? [] : await page(trx, name, after);
    const listed = found.slice(0, PATIENT_PAGE);
    const known = new Set(exact.map(({ id }) => id));
    return {
      patients: [...exact, ...listed.filter(({ id }) => !known.has(id))].map(present),
      next: found.length > PATIENT_PAGE ? (listed.at(-1)?.id ?? null) : null,
    };
  });
};
