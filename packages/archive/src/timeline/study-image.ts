import {
  IMAGE_LATERALITIES,
  type ImageLaterality,
  type ImageView,
  isImageView,
  VIEW_ORIGINS,
  type ViewOrigin,
} from '@archwire/contracts';
import { SHIPPED_RULES } from '../classify/shipped-rules.ts';
import { pictureRecipe } from '../derive/picture-recipe.ts';
import { indexedView, type PlaceholderReason } from '@archwire/dicom';

/** The pictures of an instance, as they lie under one address that never changes: see `pictureVersion`. */
export interface Picture {
  readonly version: string;
  /** Of the display image, in pixels. */
  readonly width: number;
  readonly height: number;
  /** The frame shown, from 1. */
  readonly frame: number;
  /** Not `null`: a drawn placeholder, and why. */
  readonly placeholderReason: PlaceholderReason | null;
}

/** One instance as a page shows it. */
export interface StudyImage {
  readonly instanceId: string;
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  readonly transferSyntaxUid: string;
  readonly seriesInstanceUid: string;
  readonly instanceNumber: number | null;
  readonly view: ImageView;
  /** ISO 3950 numbers of the teeth that the object names. */
  readonly teeth: readonly string[];
  readonly laterality: ImageLaterality | null;
  /** ADA-1100 key of a standard photograph; `null`: none of them, or nobody can tell which. */
  readonly viewKey: string | null;
  /** How the view is known; `null`: nobody has looked at its head, or before that was kept. */
  readonly origin: ViewOrigin | null;
  /** Of the rule that decided, when one did. */
  readonly ruleName: string | null;
  readonly rows: number | null;
  readonly columns: number | null;
  /** `null` when the object has no pixels. */
  readonly frames: number | null;
  readonly byteCount: number;
  readonly arrivedAt: string;
  /** Two sets of bytes came under this UID, and nobody has decided yet. */
  readonly conflicted: boolean;
  /** `null`: not made yet, it will be in a moment. */
  readonly picture: Picture | null;
}

/** What `IMAGE_JSON` answers for one instance. */
export interface ImageRow {
  readonly id: string;
  readonly sop: string;
  readonly class: string;
  readonly syntax: string;
  readonly number: number | null;
  readonly rows: number | null;
  readonly columns: number | null;
  readonly frames: number | null;
  readonly length: number;
  readonly arrived: string;
  readonly conflicted: boolean;
  readonly sha: string;
  readonly view: string | null;
  readonly teeth: readonly string[] | null;
  readonly side: string | null;
  readonly key: string | null;
  readonly origin: string | null;
  readonly rule: string | null;
  readonly recipe: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly frame: number | null;
  readonly reason: PlaceholderReason | null;
}

/** Instant as ISO 8601 in UTC. */
export const isoInstant = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/**
 * One JSON object for each instance `i`; `IMAGE_JOINS` stands behind its FROM. `limit 1` makes a look-up by primary key of
 * each join: with the statistics of a young table the planner would walk all of a tenant for every image.
 */
export const IMAGE_JSON = `jsonb_build_object('id', i.id::text, 'sop', i.sop_uid, 'class', sc.uid, 'syntax', ts.uid,
  'number', i.instance_number, 'rows', i.rows, 'columns', i.columns, 'frames', i.frames, 'length', i.length,
  'arrived', ${isoInstant('i.arrived_at')}, 'conflicted', i.conflicted, 'sha', encode(i.sha256, 'hex'),
  'view', v.view, 'teeth', v.teeth, 'side', v.laterality, 'key', v.view_key, 'origin', v.origin,
  'rule', case when v.rule_id is not null then coalesce((select r.name from view_rule r where r.id = v.rule_id), v.rule_id::text) end, 'recipe', ${pictureRecipe('d')}, 'width', d.width, 'height', d.height, 'frame', d.frame,
  'reason', d.placeholder_reason)`;
export const IMAGE_JOINS = `join uid_code sc on sc.code = i.sop_class join uid_code ts on ts.code = i.transfer_syntax
  left join lateral (select * from instance_view v where v.instance_id = i.id limit 1) v on true
  left join lateral (select * from derivative d where d.instance_id = i.id and d.kind = 'display' limit 1) d on true`;

/** Names the bytes and how the pictures were made: the same version is the same picture, for ever. */
export const pictureVersion = (sha256: string, recipe: number): string => `${sha256.slice(0, 16)}-${recipe}`;

const pictureOf = ({ sha, recipe, width, height, frame, reason }: ImageRow): Picture | null =>
  recipe === null || width === null || height === null
    ? null
    : { version: pictureVersion(sha, recipe), width, height, frame: frame ?? 1, placeholderReason: reason };

const viewOf = (row: ImageRow, series: SeriesWords): ImageView =>
  row.view !== null && isImageView(row.view)
    ? row.view
    : indexedView({
        SOPClassUID: row.class,
        Modality: series.modality,
        SeriesDescription: series.description,
      });

export interface SeriesWords {
  readonly seriesInstanceUid: string;
  readonly modality: string | null;
  readonly description: string | null;
}

export const studyImage = (row: ImageRow, series: SeriesWords): StudyImage => ({
  instanceId: row.id,
  sopInstanceUid: row.sop,
  sopClassUid: row.class,
  transferSyntaxUid: row.syntax,
  seriesInstanceUid: series.seriesInstanceUid,
  instanceNumber: row.number,
  view: viewOf(row, series),
  teeth: row.teeth ?? [],
  laterality: IMAGE_LATERALITIES.find((side) => side === row.side) ?? null,
  viewKey: row.key,
  origin: VIEW_ORIGINS.find((origin) => origin === row.origin) ?? null,
  ruleName: SHIPPED_RULES.find(({ id }) => id === row.rule)?.name ?? row.rule,
  rows: row.rows,
  columns: row.columns,
  frames: row.frames,
  byteCount: row.length,
  arrivedAt: row.arrived,
  conflicted: row.conflicted,
  picture: pictureOf(row),
});
