import { IMAGE_LATERALITIES, isImageView, VIEW_ORIGINS, type ImageLaterality } from '@archwire/contracts';
import type { Transaction } from '../query/transaction.ts';
import type { Classification } from './classify-image.ts';
import type { ImageTraits, ReadView } from './image-traits.ts';

/** An image with all that decides what it shows. */
export interface FoundImage {
  readonly instanceId: string;
  readonly studyId: string;
  readonly studyUid: string;
  readonly traits: ImageTraits;
  /** `null`: its head has not been read since this is kept. */
  readonly read: ReadView | null;
  /** `null`: nothing is noted; the index says what it shows. */
  readonly shown:
    (Omit<Classification, 'origin'> & { readonly origin: Classification['origin'] | null }) | null;
}

interface Row {
  readonly id: string;
  readonly study_id: string;
  readonly study_uid: string;
  readonly device_id: string | null;
  readonly class: string;
  readonly rows: number | null;
  readonly columns: number | null;
  readonly modality: string | null;
  readonly manufacturer: string | null;
  readonly station_name: string | null;
  readonly description: string | null;
  readonly model_name: string | null;
  readonly protocol_name: string | null;
  readonly view: string | null;
  readonly teeth: readonly string[] | null;
  readonly laterality: string | null;
  readonly view_key: string | null;
  readonly origin: string | null;
  readonly rule_id: string | null;
  readonly read_view: string | null;
  readonly read_teeth: readonly string[] | null;
  readonly read_laterality: string | null;
  readonly read_view_key: string | null;
  readonly read_origin: string | null;
}

const sideOf = (text: string | null): ImageLaterality | null =>
  IMAGE_LATERALITIES.find((side) => side === text) ?? null;

const readOf = (row: Row): ReadView | null => {
  const { read_view: view, read_origin: origin } = row;
  if (view === null || !isImageView(view)) return null;
  if (origin !== 'codes' && origin !== 'class' && origin !== 'words') return null;
  return {
    view,
    teeth: row.read_teeth ?? [],
    laterality: sideOf(row.read_laterality),
    viewKey: row.read_view_key,
    origin,
  };
};

const present = (row: Row): FoundImage => ({
  instanceId: row.id,
  studyId: row.study_id,
  studyUid: row.study_uid,
  traits: {
    deviceId: row.device_id,
    manufacturer: row.manufacturer,
    modelName: row.model_name,
    stationName: row.station_name,
    sopClassUid: row.class,
    modality: row.modality,
    rows: row.rows,
    columns: row.columns,
    seriesDescription: row.description,
    protocolName: row.protocol_name,
  },
  read: readOf(row),
  shown:
    row.view === null || !isImageView(row.view)
      ? null
      : {
          view: row.view,
          teeth: row.teeth ?? [],
          laterality: sideOf(row.laterality),
          viewKey: row.view_key,
          origin: VIEW_ORIGINS.find((origin) => origin === row.origin) ?? null,
          ruleId: row.rule_id,
        },
});

/**
 * Images by their ids, in the order of their ids; those that are gone are left out. OFFSET keeps each look-up by key: with
 * the statistics of a young table the planner would walk all of a tenant.
 */
export const findImages = async (
  trx: Transaction,
  instanceIds: readonly string[],
): Promise<readonly FoundImage[]> => {
  const { rows }: { rows: Row[] } = await trx.raw(
    `select i.id::text as id, e.study_id, s.study_uid, i.device_id, u.uid as class, i.rows, i.columns, e.modality,
            e.manufacturer, e.station_name, e.description, v.model_name, v.protocol_name, v.view, v.teeth, v.laterality,
            v.view_key, v.origin, v.rule_id, v.read_view, v.read_teeth, v.read_laterality, v.read_view_key, v.read_origin
       from unnest(?::bigint[]) k(id)
      cross join lateral (select * from instance n where n.id = k.id offset 0) i
      cross join lateral (select * from series n where n.id = i.series_id offset 0) e
      cross join lateral (select * from study n where n.id = e.study_id offset 0) s
       join uid_code u on u.code = i.sop_class
       left join lateral (select * from instance_view n where n.instance_id = i.id limit 1) v on true
      order by i.id`,
    [[...instanceIds]],
  );
  return rows.map(present);
};
