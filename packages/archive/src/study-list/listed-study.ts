import { chooseThumbnails } from '../timeline/choose-thumbnails.ts';
import { IMAGE_JOINS, IMAGE_JSON, type ImageRow, isoInstant, studyImage } from '../timeline/study-image.ts';
import type { MatchState } from './study-filter.ts';

/** One line of the study list. */
export interface ListedStudy {
  readonly studyId: string;
  readonly studyInstanceUid: string;
  readonly patientId: string | null;
  readonly patientName: string | null;
  readonly birthDate: string | null;
  readonly sex: string | null;
  readonly recordNumber: string | null;
  readonly receivedPatientId: string | null;
  readonly accessionNumber: string | null;
  readonly studyDate: string | null;
  readonly studyTime: string | null;
  readonly onDate: string;
  readonly description: string | null;
  readonly modalities: readonly string[];
  readonly seriesCount: number;
  readonly instanceCount: number;
  readonly matchState: MatchState;
  readonly quarantineReason: string | null;
  readonly firstArrivalAt: string;
  readonly receiving: boolean;
  readonly locationName: string;
  readonly deviceNames: readonly string[];
  readonly thumbnail: { readonly instanceId: string; readonly version: string; readonly view: string } | null;
}

export interface ListRow {
  readonly id: string;
  readonly study_uid: string;
  readonly patient_id: string | null;
  readonly name: string | null;
  readonly birth_date: string | null;
  readonly sex: string | null;
  readonly mrn: string | null;
  readonly pat_id: string | null;
  readonly accession_no: string | null;
  readonly study_date: string | null;
  readonly study_time: string | null;
  readonly on_date: string;
  readonly on_time: string;
  readonly description: string | null;
  readonly modalities: readonly string[];
  readonly series_count: number;
  readonly instance_count: number;
  readonly match_state: MatchState;
  readonly quarantine_reason: string | null;
  readonly first_at: string;
  readonly receiving: boolean;
  readonly location_name: string;
  readonly device_names: readonly string[];
  readonly series:
    | readonly {
        readonly uid: string;
        readonly modality: string | null;
        readonly description: string | null;
        readonly images: readonly ImageRow[];
      }[]
    | null;
}

/** A device sends image after image; a pause this long means that it has finished, as far as anybody can know. */
const PAUSE_SECONDS = 10;
/** What is looked at for the one picture: enough to find a panoramic among photographs, and past a report. */
const SERIES = 6;
const IMAGES = 3;

/** What the list shows of the studies `s` of a page, whose patients `p` are left joined. All by index, for a page only. */
export const LISTED = `s.id, s.study_uid, s.patient_id,
  case when p.id is null then s.pat_name else p.name end as name,
  (case when p.id is null then s.pat_birth_date else p.birth_date end)::text as birth_date,
  case when p.id is null then s.pat_sex else p.sex end as sex, p.mrn, s.pat_id, s.accession_no,
  s.study_date::text as study_date, s.study_time, s.on_date::text as on_date, s.on_time, s.description,
  s.series_count, s.instance_count, s.match_state, s.quarantine_reason, ${isoInstant('s.first_at')} as first_at`;
export const SHOWN = `
  array(select m.modality from study_modality m where m.study_id = page.id order by m.modality) as modalities,
  (select l.name from location l where l.id = page.location_id) as location_name,
  array(select d.name from study_device sd join device d on d.id = sd.device_id where sd.study_id = page.id
         order by d.name limit 4) as device_names,
  exists (select 1 from series e where e.study_id = page.id
             and e.last_arrival_at > now() - interval '${PAUSE_SECONDS} seconds') as receiving,
  (select jsonb_agg(jsonb_build_object('uid', e.series_uid, 'modality', e.modality, 'description', e.description,
             'images', coalesce(im.images, '[]')) order by e.series_number nulls last, e.id)
     from (select * from series e where e.study_id = page.id order by e.series_number limit ${SERIES}) e
     left join lateral (
       select jsonb_agg(${IMAGE_JSON} order by i.instance_number nulls last, i.id) as images
         from (select * from instance i where i.series_id = e.id
                  and (e.instance_count < 12 or i.instance_number >= e.instance_count / 2)
                order by i.instance_number limit ${IMAGES}) i
         ${IMAGE_JOINS}) im on true) as series`;

const thumbnailOf = ({ series }: ListRow): ListedStudy['thumbnail'] => {
  const images = (series ?? []).flatMap((each) =>
    each.images.map((image) =>
      studyImage(image, {
        seriesInstanceUid: each.uid,
        modality: each.modality,
        description: each.description,
      }),
    ),
  );
  const [best] = chooseThumbnails(
    images.filter(({ picture }) => picture !== null),
    1,
  );
  return best?.picture === undefined || best.picture === null
    ? null
    : { instanceId: best.instanceId, version: best.picture.version, view: best.view };
};

export const listedStudy = (row: ListRow): ListedStudy => ({
  studyId: row.id,
  studyInstanceUid: row.study_uid,
  patientId: row.patient_id,
  patientName: row.name,
  birthDate: row.birth_date,
  sex: row.sex,
  recordNumber: row.mrn,
  receivedPatientId: row.pat_id,
  accessionNumber: row.accession_no,
  studyDate: row.study_date,
  studyTime: row.study_time,
  onDate: row.on_date,
  description: row.description,
  modalities: row.modalities,
  seriesCount: row.series_count,
  instanceCount: row.instance_count,
  matchState: row.match_state,
  quarantineReason: row.quarantine_reason,
  firstArrivalAt: row.first_at,
  receiving: row.receiving,
  locationName: row.location_name,
  deviceNames: row.device_names,
  thumbnail: thumbnailOf(row),
});
