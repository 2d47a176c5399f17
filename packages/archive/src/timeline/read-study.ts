import { AppError, type Principal, requirePermission } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';
import type { Knex } from 'knex';
import { type ArrivalState, arrivalState } from './arrival-state.ts';
import {
  IMAGE_JOINS,
  IMAGE_JSON,
  type ImageRow,
  isoInstant,
  type StudyImage,
  studyImage,
} from './study-image.ts';

export interface StudySeries {
  readonly seriesId: string;
  readonly seriesInstanceUid: string;
  readonly modality: string | null;
  readonly seriesNumber: number | null;
  readonly description: string | null;
  readonly bodyPart: string | null;
  readonly laterality: string | null;
  readonly stationName: string | null;
  readonly manufacturer: string | null;
  readonly instanceCount: number;
  readonly byteCount: number;
  readonly images: readonly StudyImage[];
  /** `after` of the next page of images; `null` when these are all. */
  readonly next: string | null;
}

export interface StudyIdentity {
  readonly name: string | null;
  readonly birthDate: string | null;
  readonly sex: string | null;
}

export interface StudyPage {
  readonly studyId: string;
  readonly studyInstanceUid: string;
  /** Whose study it is; `null` while nobody knows. */
  readonly patient:
    (StudyIdentity & { readonly patientId: string; readonly recordNumber: string | null }) | null;
  /** What the images came with. */
  readonly received: StudyIdentity & { readonly patientId: string | null; readonly issuer: string };
  readonly matchState: 'auto' | 'matched' | 'suggested' | 'quarantined' | 'rejected';
  readonly quarantineReason: string | null;
  readonly studyDate: string | null;
  readonly studyTime: string | null;
  readonly timezoneOffset: string | null;
  readonly description: string | null;
  readonly accessionNumber: string | null;
  readonly referringName: string | null;
  readonly institutionName: string | null;
  readonly locationName: string;
  /** The registered devices that sent images of it; empty when they came another way. */
  readonly deviceNames: readonly string[];
  readonly seriesCount: number;
  readonly instanceCount: number;
  readonly byteCount: number;
  readonly conflictCount: number;
  readonly firstArrivalAt: string;
  readonly lastArrivalAt: string;
  readonly arrival: ArrivalState;
  readonly series: readonly StudySeries[];
}

interface SeriesRow {
  readonly id: string;
  readonly uid: string;
  readonly modality: string | null;
  readonly number: number | null;
  readonly description: string | null;
  readonly body: string | null;
  readonly laterality: string | null;
  readonly station: string | null;
  readonly manufacturer: string | null;
  readonly count: number;
  readonly bytes: number;
  readonly last: string;
  readonly images: readonly ImageRow[] | null;
}

interface Row {
  readonly id: string;
  readonly study_uid: string;
  readonly patient: {
    id: string;
    mrn: string | null;
    name: string | null;
    birth: string | null;
    sex: string | null;
  } | null;
  readonly pat_id: string | null;
  readonly issuer: string;
  readonly pat_name: string | null;
  readonly pat_birth: string | null;
  readonly pat_sex: string | null;
  readonly match_state: StudyPage['matchState'];
  readonly quarantine_reason: string | null;
  readonly study_date: string | null;
  readonly study_time: string | null;
  readonly timezone_offset: string | null;
  readonly description: string | null;
  readonly accession_no: string | null;
  readonly referring_name: string | null;
  readonly institution_name: string | null;
  readonly location_name: string;
  readonly series_count: number;
  readonly instance_count: number;
  readonly byte_count: number;
  readonly first_at: string;
  readonly updated_at: string;
  readonly series: readonly SeriesRow[] | null;
}

/** Images of a series that come with the study; the rest is asked for page by page. */
export const STUDY_IMAGES = 48;
const MAX_SERIES = 200;
const ORDER = 'i.instance_number nulls last, i.id';

/** Numbers are not unique and may be missing: `'infinity'` of an integer is its largest, and the id decides. */
const AFTER = `(coalesce(i.instance_number, 2147483647), i.id) > (select coalesce(b.instance_number, 2147483647), b.id from instance b where b.id = ?)`;

const imagesSql = (where: string, limit: string): string => `
  select jsonb_agg(${IMAGE_JSON} order by ${ORDER}) as images
    from (select * from instance i where ${where} order by i.instance_number, i.id limit ${limit}) i ${IMAGE_JOINS}`;

const SERIES_JSON = `jsonb_build_object('id', e.id, 'uid', e.series_uid, 'modality', e.modality, 'number', e.series_number,
  'description', e.description, 'body', e.body_part, 'laterality', e.laterality, 'station', e.station_name,
  'manufacturer', e.manufacturer, 'count', e.instance_count, 'bytes', e.byte_count, 'last', ${isoInstant('e.last_arrival_at')},
  'images', im.images)`;

const SQL = `
  select s.id, s.study_uid, s.pat_id, s.issuer, s.pat_name, s.pat_birth_date::text as pat_birth, s.pat_sex, s.match_state,
         s.quarantine_reason, s.study_date::text as study_date, s.study_time, s.timezone_offset, s.description,
         s.accession_no, s.referring_name, s.institution_name, l.name as location_name, s.series_count, s.instance_count,
         s.byte_count, ${isoInstant('s.first_at')} as first_at, ${isoInstant('s.updated_at')} as updated_at,
         (select jsonb_build_object('id', p.id, 'mrn', p.mrn, 'name', p.name, 'birth', p.birth_date, 'sex', p.sex)
            from patient p where p.id = s.patient_id) as patient,
         (select jsonb_agg(${SERIES_JSON} order by e.series_number nulls last, e.id)
            from (select * from series e where e.study_id = s.id order by e.series_number, e.id limit ${MAX_SERIES}) e
            left join lateral (${imagesSql('i.series_id = e.id', String(STUDY_IMAGES + 1))}) im on true) as series
    from study s join location l on l.id = s.location_id
   where s.id = ?`;

/** Which devices sent it, and what is in conflict: both over all instances, so that the page can say it of the whole. */
const sources = async (
  trx: Knex.Transaction,
  studyId: string,
): Promise<{ readonly devices: readonly string[]; readonly conflicts: number }> => {
  const { rows }: { rows: { devices: string[] | null; conflicts: number }[] } = await trx.raw(
    `select (select array_agg(d.name order by d.name) from device d where d.id = any (array_agg(distinct i.device_id))) as devices,
            count(*) filter (where i.conflicted)::int as conflicts
       from series e join instance i on i.series_id = e.id where e.study_id = ?`,
    [studyId],
  );
  return { devices: rows[0]?.devices ?? [], conflicts: rows[0]?.conflicts ?? 0 };
};

const presentSeries = (row: SeriesRow): StudySeries => {
  const words = { seriesInstanceUid: row.uid, modality: row.modality, description: row.description };
  const images = (row.images ?? []).map((image) => studyImage(image, words));
  const shown = images.slice(0, STUDY_IMAGES);
  return {
    seriesId: row.id,
    seriesInstanceUid: row.uid,
    modality: row.modality,
    seriesNumber: row.number,
    description: row.description,
    bodyPart: row.body,
    laterality: row.laterality,
    stationName: row.station,
    manufacturer: row.manufacturer,
    instanceCount: row.count,
    byteCount: row.bytes,
    images: shown,
    next: images.length > STUDY_IMAGES ? (shown.at(-1)?.instanceId ?? null) : null,
  };
};

const notFound = (): AppError => new AppError('not-found', 'There is no such study in your group.');

const isHidden = (state: StudyPage['matchState'], principal: Principal): boolean =>
  state === 'rejected' && !principal.permissions.has('imaging.reconcile.write');

/**
 * A study with its series and the first images of each: whose it is, what it came with, what is still under way. A study
 * that a person rejected is there only for those who may decide about it.
 * @throws AppError `forbidden`, `not-found`.
 */
export const readStudy = async (
  withTenant: WithTenant,
  principal: Principal,
  studyId: string,
): Promise<StudyPage> => {
  requirePermission(principal, 'imaging.study.read');
  return await withTenant(principal.tenantId, async (trx) => {
    const { rows }: { rows: Row[] } = await trx.raw(SQL, [studyId]);
    const [row] = rows;
    if (row === undefined || isHidden(row.match_state, principal)) throw notFound();
    const { devices, conflicts } = await sources(trx, studyId);
    const series = (row.series ?? []).map(presentSeries);
    const lastArrivalAt =
      (row.series ?? [])
        .map(({ last }) => last)
        .toSorted()
        .at(-1) ?? row.updated_at;
    const hasPending = series.some(({ images }) => images.some(({ picture }) => picture === null));
    return {
      studyId: row.id,
      studyInstanceUid: row.study_uid,
      patient:
        row.patient === null
          ? null
          : {
              patientId: row.patient.id,
              recordNumber: row.patient.mrn,
              name: row.patient.name,
              birthDate: row.patient.birth,
              sex: row.patient.sex,
            },
      received: {
        patientId: row.pat_id,
        issuer: row.issuer,
        name: row.pat_name,
        birthDate: row.pat_birth,
        sex: row.pat_sex,
      },
      matchState: row.match_state,
      quarantineReason: row.quarantine_reason,
      studyDate: row.study_date,
      studyTime: row.study_time,
      timezoneOffset: row.timezone_offset,
      description: row.description,
      accessionNumber: row.accession_no,
      referringName: row.referring_name,
      institutionName: row.institution_name,
      locationName: row.location_name,
      deviceNames: devices,
      seriesCount: row.series_count,
      instanceCount: row.instance_count,
      byteCount: row.byte_count,
      conflictCount: conflicts,
      firstArrivalAt: row.first_at,
      lastArrivalAt,
      arrival: arrivalState({ lastArrivalAt, hasPending }, Date.now()),
      series,
    };
  });
};

/**
 * The next images of one series of a study. `after` is `next` of what came before.
 * @throws AppError `forbidden`; `not-found` when there is no such series or `after` is no image.
 */
export const readSeriesImages = async (
  withTenant: WithTenant,
  principal: Principal,
  input: { readonly studyId: string; readonly seriesId: string; readonly after: string },
): Promise<Pick<StudySeries, 'images' | 'next'>> => {
  requirePermission(principal, 'imaging.study.read');
  const { studyId, seriesId, after } = input;
  return await withTenant(principal.tenantId, async (trx) => {
    const { rows }: { rows: (SeriesRow & { match_state: StudyPage['matchState'] })[] } = await trx.raw(
      `select e.series_uid as uid, e.modality, e.description, s.match_state, im.images
         from series e join study s on s.id = e.study_id
         left join lateral (${imagesSql(`i.series_id = e.id and ${AFTER}`, String(STUDY_IMAGES + 1))}) im on true
        where e.id = ? and e.study_id = ? and exists (select 1 from instance b where b.id = ? and b.series_id = e.id)`,
      [after, seriesId, studyId, after],
    );
    const [row] = rows;
    if (row === undefined || isHidden(row.match_state, principal))
      throw new AppError('not-found', 'There is no such series, or it has changed. Reload the page.');
    const words = { seriesInstanceUid: row.uid, modality: row.modality, description: row.description };
    const images = (row.images ?? []).map((image) => studyImage(image, words));
    const shown = images.slice(0, STUDY_IMAGES);
    return { images: shown, next: images.length > STUDY_IMAGES ? (shown.at(-1)?.instanceId ?? null) : null };
  });
};
