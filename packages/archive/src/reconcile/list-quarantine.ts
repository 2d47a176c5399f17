import { AppError, type Principal, requirePermission } from '@archwire/contracts';
import { type PatientSuggestion, suggestPatients, type WithTenant } from '@archwire/database';
import type { Knex } from 'knex';

import {
  IMAGE_JOINS,
  IMAGE_JSON,
  type ImageRow,
  isoInstant,
  type StudyImage,
  studyImage,
} from '../timeline/study-image.ts';
import { auditReconcile } from './audit-reconcile.ts';

/** A patient whom a study may belong to, with what a person compares. */
export interface SuggestedPatient extends PatientSuggestion {
  readonly identifiers: readonly { readonly issuer: string; readonly value: string }[];
  readonly studyCount: number;
  readonly lastStudyDate: string | null;
}

/** The order that a study names although the identity in its images is another. */
export interface NamedOrder {
  readonly patientId: string;
  readonly accessionNumber: string;
  readonly description: string;
  /** `YYYY-MM-DD` */
  readonly startDate: string;
}

/** Who rejected a study, when and why. */
export interface Rejection {
  readonly decisionId: string;
  readonly reason: string;
  readonly decidedAt: string;
  readonly decidedBy: string | null;
}

export interface QuarantinedStudy {
  readonly studyId: string;
  readonly studyInstanceUid: string;
  /** `null` for a study that a person rejected. */
  readonly reason: string | null;
  /** Identity as the images came with it. */
  readonly patientId: string | null;
  readonly issuer: string;
  readonly patientName: string | null;
  readonly birthDate: string | null;
  readonly sex: string | null;
  readonly studyDate: string | null;
  readonly description: string | null;
  readonly locationName: string;
  readonly modalities: readonly string[];
  readonly instanceCount: number;
  readonly firstAt: string;
  /** The first of its images; none for who may not look at images. */
  readonly images: readonly StudyImage[];
  /** Other studies in the same state that came with the same identity, newest first. */
  readonly alike: readonly string[];
  readonly suggestions: readonly SuggestedPatient[];
  readonly rejection: Rejection | null;
  readonly order: NamedOrder | null;
}

export interface QuarantinePage {
  readonly studies: readonly QuarantinedStudy[];
  /** `before` of the next page; `null` on the last. */
  readonly next: string | null;
}

interface Row {
  readonly id: string;
  readonly study_uid: string;
  readonly quarantine_reason: string | null;
  readonly pat_id: string | null;
  readonly issuer: string;
  readonly pat_name: string | null;
  readonly birth_date: string | null;
  readonly pat_sex: string | null;
  readonly study_date: string | null;
  readonly description: string | null;
  readonly location_name: string;
  readonly modalities: string[];
  readonly instance_count: number;
  readonly first_at: string;
  readonly alike: string[];
  readonly rejection: Rejection | null;
  readonly named_order: NamedOrder | null;
}

interface ImagesRow {
  readonly study_id: string;
  readonly series_uid: string;
  readonly modality: string | null;
  readonly description: string | null;
  readonly image: ImageRow;
}

const PAGE = 25;
const IMAGES = 12;
const ALIKE = 100;

/** The states are written out, so that a partial index serves. */
const STATES = {
  quarantined: `in ('quarantined', 'suggested')`,
  rejected: `= 'rejected'`,
} as const;

/** A study without name and Patient ID is like no other: nothing says that it is. */
const select = (state: keyof typeof STATES): string => `
  select s.id, s.study_uid, s.quarantine_reason, s.pat_id, s.issuer, s.pat_name, s.pat_birth_date::text as birth_date,
         s.pat_sex, s.study_date::text as study_date, s.description, s.instance_count, l.name as location_name,
         ${isoInstant('s.first_at')} as first_at,
         array(select m.modality from study_modality m where m.study_id = s.id order by m.modality) as modalities,
         array(select o.id from study o
                where o.match_state ${STATES[state]} and o.id <> s.id and o.issuer = s.issuer
                  and o.pat_id is not distinct from s.pat_id
                  and o.pat_name_folded is not distinct from s.pat_name_folded
                  and o.pat_birth_date is not distinct from s.pat_birth_date
                  and coalesce(s.pat_id, s.pat_name_folded) is not null
                order by o.first_at desc, o.id desc limit ${ALIKE}) as alike,
         (select jsonb_build_object('decisionId', d.batch_id, 'reason', d.reason, 'decidedAt', ${isoInstant('d.decided_at')},
                                    'decidedBy', u.display_name)
            from study_decision d left join app_user u on u.id = d.decided_by
           where d.study_id = s.id and d.decision = 'rejected' and d.undone_at is null and s.match_state = 'rejected'
           order by d.id desc limit 1) as rejection,
         (select jsonb_build_object('patientId', r.patient_id, 'accessionNumber', r.accession_no,
                                    'description', r.description, 'startDate', r.start_date)
            from imaging_order r where r.id = s.order_id) as named_order
    from study s join location l on l.tenant_id = s.tenant_id and l.id = s.location_id
   where s.match_state ${STATES[state]}`;

const readImages = async (
  trx: Knex.Transaction,
  studyIds: readonly string[],
): Promise<ReadonlyMap<string, StudyImage[]>> => {
  const { rows }: { rows: ImagesRow[] } = await trx.raw(
    `select wanted.id as study_id, of.series_uid, of.modality, of.description, of.image
       from unnest(?::uuid[]) as wanted(id)
       cross join lateral (
         select e.series_uid, e.modality, e.description, ${IMAGE_JSON} as image
           from series e join instance i on i.tenant_id = e.tenant_id and i.series_id = e.id ${IMAGE_JOINS}
          where e.study_id = wanted.id
          order by e.series_number nulls last, e.id, i.instance_number nulls last, i.id limit ${IMAGES}) as of`,
    [[...studyIds]],
  );
  const images = new Map<string, StudyImage[]>();
  for (const { study_id, series_uid, modality, description, image } of rows) {
    const list = images.get(study_id) ?? [];
    images.set(study_id, list);
    list.push(studyImage(image, { seriesInstanceUid: series_uid, modality, description }));
  }
  return images;
};

type Known = Pick<SuggestedPatient, 'identifiers' | 'studyCount' | 'lastStudyDate'>;

const readKnown = async (
  trx: Knex.Transaction,
  patientIds: readonly string[],
): Promise<ReadonlyMap<string, Known>> => {
  const { rows }: { rows: (Known & { id: string })[] } = await trx.raw(
    `select p.id,
            (select coalesce(jsonb_agg(jsonb_build_object('issuer', k.issuer, 'value', k.value) order by k.issuer, k.value), '[]')
               from patient_identifier k where k.patient_id = p.id) as identifiers,
            (select count(*)::int from study s where s.patient_id = p.id) as "studyCount",
            (select max(s.study_date)::text from study s where s.patient_id = p.id) as "lastStudyDate"
       from patient p where p.id = any(?::uuid[])`,
    [[...new Set(patientIds)]],
  );
  return new Map(rows.map(({ id, ...known }) => [id, known]));
};

const NOTHING: Known = { identifiers: [], studyCount: 0, lastStudyDate: null };

/**
 * Studies that wait for a person to say whose they are, or that a person rejected, newest first, each with patients it
 * may belong to. `before` is `next` of the page before. The audit log says who looked.
 * @throws AppError `forbidden`; `not-found` when `before` is no study.
 */
export const listQuarantine = async (
  withTenant: WithTenant,
  principal: Principal,
  options: { readonly state?: keyof typeof STATES; readonly before?: string } = {},
): Promise<QuarantinePage> => {
  requirePermission(principal, 'imaging.reconcile.write');
  const { state = 'quarantined', before } = options;
  return await withTenant(principal.tenantId, async (trx) => {
    if (before !== undefined && (await trx('study').where({ id: before }).first('id')) === undefined)
      throw new AppError('not-found', 'The list goes on from a study that is not there. Reload the list.');
    const { rows }: { rows: Row[] } = await trx.raw(
      `${select(state)}
              ${before === undefined ? '' : 'and (s.first_at, s.id) < (select b.first_at, b.id from study b where b.id = ?)'}
        order by s.first_at desc, s.id desc limit ${PAGE + 1}`,
      before === undefined ? [] : [before],
    );
    const page = rows.slice(0, PAGE);
    const ids = page.map(({ id }) => id);
    const suggested = new Map<string, PatientSuggestion[]>();
    for (const id of ids) suggested.set(id, await suggestPatients(trx, id));
    const known = await readKnown(
      trx,
      [...suggested.values()].flat().map(({ patientId }) => patientId),
    );
    const images = principal.permissions.has('imaging.study.read')
      ? await readImages(trx, ids)
      : new Map<string, StudyImage[]>();
    await auditReconcile(trx, principal, {
      action: 'imaging.quarantine.listed',
      after: { state, studyIds: ids },
    });
    const studies = page.map((row) => ({
      studyId: row.id,
      studyInstanceUid: row.study_uid,
      reason: row.quarantine_reason,
      patientId: row.pat_id,
      issuer: row.issuer,
      patientName: row.pat_name,
      birthDate: row.birth_date,
      sex: row.pat_sex,
      studyDate: row.study_date,
      description: row.description,
      locationName: row.location_name,
      modalities: row.modalities,
      instanceCount: row.instance_count,
      firstAt: row.first_at,
      images: images.get(row.id) ?? [],
      alike: row.alike,
      suggestions: (suggested.get(row.id) ?? []).map((patient) => ({
        ...patient,
        ...(known.get(patient.patientId) ?? NOTHING),
      })),
      rejection: row.rejection,
      order: row.named_order,
    }));
    return { studies, next: rows.length > PAGE ? (ids.at(-1) ?? null) : null };
  });
};
