import {
  AppError,
  type ImageKind,
  imageViews,
  kindOfView,
  type Principal,
  requirePermission,
} from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';
import { type ArrivalState, arrivalState } from './arrival-state.ts';
import { chooseThumbnails } from './choose-thumbnails.ts';
import {
  IMAGE_JOINS,
  IMAGE_JSON,
  type ImageRow,
  isoInstant,
  type SeriesWords,
  type StudyImage,
  studyImage,
} from './study-image.ts';

export interface TimelineStudy {
  readonly studyId: string;
  readonly studyInstanceUid: string;
  /** `null` when the images say no day; the study then stands at the day it came. */
  readonly studyDate: string | null;
  readonly studyTime: string | null;
  /** The day at which it stands. */
  readonly onDate: string;
  /** Days since the patient's first dated study; `null` for one without a date. */
  readonly dayOffset: number | null;
  readonly description: string | null;
  readonly locationName: string;
  /** What it holds, in the order of `imageViews`. */
  readonly kinds: readonly ImageKind[];
  readonly modalities: readonly string[];
  readonly seriesCount: number;
  readonly instanceCount: number;
  readonly hasConflict: boolean;
  readonly firstArrivalAt: string;
  readonly arrival: ArrivalState;
  readonly thumbnails: readonly StudyImage[];
}

export interface Timeline {
  /** Newest first. */
  readonly studies: readonly TimelineStudy[];
  /** `before` of the next page; `null` on the last. */
  readonly next: string | null;
  readonly studyCount: number;
  readonly firstDate: string | null;
  readonly lastDate: string | null;
}

interface SeriesRow {
  readonly uid: string;
  readonly modality: string | null;
  readonly description: string | null;
  readonly last: string;
  readonly images: readonly ImageRow[];
}

interface Row {
  readonly id: string;
  readonly study_uid: string;
  readonly study_date: string | null;
  readonly study_time: string | null;
  readonly on_date: string;
  readonly day_offset: number | null;
  readonly description: string | null;
  readonly location_name: string;
  readonly series_count: number;
  readonly instance_count: number;
  readonly first_at: string;
  readonly updated_at: string;
  readonly series: readonly SeriesRow[];
  readonly total: number;
  readonly first_date: string | null;
  readonly last_date: string | null;
}

/** Series and images of a series that are looked at for the collage; a study of more has enough in these. */
const SERIES = 16;
const IMAGES = 12;
export const TIMELINE_PAGE = 60;
const THUMBNAILS = 4;

/** A volume is hundreds of slices: the middle one stands for them, found by its number. */
const IS_VOLUME = `(e.modality in ('CT', 'MR', 'PT', 'NM') and e.instance_count > ${IMAGES})`;

const STUDY_OF_PATIENT = `s.patient_id = ? and s.match_state <> 'rejected'`;
const NEWEST = 's.on_date desc, s.on_time desc, s.id desc';

const sql = (hasBefore: boolean): string => `
  with page as materialized (
    select s.* from study s where ${STUDY_OF_PATIENT}
      ${hasBefore ? 'and (s.on_date, s.on_time, s.id) < (select b.on_date, b.on_time, b.id from study b where b.id = ?)' : ''}
     order by ${NEWEST} limit ?),
  ends as materialized (
    select count(*)::int as total, min(s.study_date) as first_date, max(s.study_date) as last_date
      from study s where ${STUDY_OF_PATIENT})
  select s.id, s.study_uid, s.study_date::text as study_date, s.study_time, s.on_date::text as on_date,
         s.study_date - ends.first_date as day_offset, s.description, l.name as location_name, s.series_count,
         s.instance_count, ${isoInstant('s.first_at')} as first_at, ${isoInstant('s.updated_at')} as updated_at,
         ends.total, ends.first_date::text as first_date, ends.last_date::text as last_date,
         coalesce(shown.series, '[]') as series
    from page s cross join ends
    join location l on l.id = s.location_id
    left join lateral (
      select jsonb_agg(jsonb_build_object('uid', e.series_uid, 'modality', e.modality, 'description', e.description,
               'last', ${isoInstant('e.last_arrival_at')}, 'images', coalesce(im.images, '[]'))
               order by e.series_number nulls last, e.id) as series
        from (select * from series e where e.study_id = s.id order by e.series_number nulls last limit ${SERIES}) e
        left join lateral (
          select jsonb_agg(${IMAGE_JSON} order by i.rank, i.instance_number nulls last, i.id) as images
            from ((select 0 as rank, i.* from instance i
                    where ${IS_VOLUME} and i.series_id = e.id and i.instance_number >= e.instance_count / 2
                    order by i.instance_number limit 1)
                  union all
                  (select 1, i.* from instance i where i.series_id = e.id
                    order by i.instance_number, i.id limit case when ${IS_VOLUME} then 1 else ${IMAGES} end)) i
            ${IMAGE_JOINS}) im on true) shown on true
   order by ${NEWEST}`;

/** The slice that stands for a volume comes first, and alone. */
const imagesOf = (series: SeriesRow): readonly StudyImage[] => {
  const words: SeriesWords = {
    seriesInstanceUid: series.uid,
    modality: series.modality,
    description: series.description,
  };
  const images = series.images.map((image) => studyImage(image, words));
  return images[0]?.view === 'cbct' ? images.slice(0, 1) : images;
};

const present = (row: Row, now: number): TimelineStudy => {
  const images = row.series.flatMap(imagesOf);
  const kinds = new Set(images.map(({ view }) => kindOfView(view)));
  const arrivals = row.series.map(({ last }) => last);
  return {
    studyId: row.id,
    studyInstanceUid: row.study_uid,
    studyDate: row.study_date,
    studyTime: row.study_time,
    onDate: row.on_date,
    dayOffset: row.day_offset,
    description: row.description,
    locationName: row.location_name,
    kinds: [...new Set(imageViews.map(kindOfView))].filter((kind) => kinds.has(kind)),
    modalities: [...new Set(row.series.flatMap(({ modality }) => modality ?? []))],
    seriesCount: row.series_count,
    instanceCount: row.instance_count,
    hasConflict: images.some(({ conflicted }) => conflicted),
    firstArrivalAt: row.first_at,
    arrival: arrivalState(
      {
        lastArrivalAt: arrivals.toSorted().at(-1) ?? row.updated_at,
        hasPending: images.some(({ picture }) => picture === null),
      },
      now,
    ),
    thumbnails: chooseThumbnails(images, THUMBNAILS),
  };
};

/**
 * A page of a patient's studies, newest first, each with the pictures that stand for it: one round trip, all by index.
 * Studies that a person rejected are not among them. `before` is `next` of the page before.
 * @throws AppError `forbidden`; `not-found` when there is no such patient.
 */
export const readTimeline = async (
  withTenant: WithTenant,
  principal: Principal,
  input: { readonly patientId: string; readonly before?: string | undefined; readonly limit?: number },
): Promise<Timeline> => {
  requirePermission(principal, 'imaging.study.read');
  const { patientId, before, limit = TIMELINE_PAGE } = input;
  const rows = await withTenant(principal.tenantId, async (trx) => {
    const found: { rows: Row[] } = await trx.raw(
      sql(before !== undefined),
      before === undefined ? [patientId, limit + 1, patientId] : [patientId, before, limit + 1, patientId],
    );
    if (found.rows.length === 0 && (await trx('patient').where({ id: patientId }).first('id')) === undefined)
      throw new AppError('not-found', 'There is no such patient in your group.');
    return found.rows;
  });
  const [first] = rows;
  const studies = rows.slice(0, limit).map((row) => present(row, Date.now()));
  return {
    studies,
    next: rows.length > limit ? (studies.at(-1)?.studyId ?? null) : null,
    studyCount: first?.total ?? 0,
    firstDate: first?.first_date ?? null,
    lastDate: first?.last_date ?? null,
  };
};
