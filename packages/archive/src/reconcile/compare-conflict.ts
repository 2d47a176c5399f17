import { AppError, type InstanceLocation, type Principal, requirePermission } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';
import {
  type DicomJson,
  type DicomJsonAttribute,
  keywordOf,
  type PixelPool,
  type PlaceholderReason,
  type StoredBytes,
  toDicomJson,
} from '@archwire/dicom';

import { deriveInstance } from '../derive/derive-instance.ts';
import { readStoredHead } from '../retrieve/instance-reader.ts';
import type { Stores } from '../stores/create-stores.ts';
import { readLocation } from '../stores/read-location.ts';
import { auditReconcile } from './audit-reconcile.ts';

/** One of the two objects as a person sees it. */
export interface ConflictSide {
  readonly picture: { readonly data: Buffer; readonly mediaType: string };
  /** Not `null`: the picture is a drawn placeholder, and why. */
  readonly placeholderReason: PlaceholderReason | null;
}

export interface AttributeDifference {
  /** `0008103E` */
  readonly tag: string;
  /** PS3.6; `null` for a private attribute. */
  readonly keyword: string | null;
  /** `null`: the attribute is not there. */
  readonly shown: string | null;
  readonly other: string | null;
}

export interface ConflictComparison {
  readonly shown: ConflictSide;
  readonly other: ConflictSide;
  readonly differences: readonly AttributeDifference[];
  /** Beyond the first two hundred. */
  readonly moreDifferences: number;
  /** `null`: not compared, because there are none or they are very many. */
  readonly pixels: 'same' | 'different' | null;
}

const DIFFERENCES = 200;
const LONGEST = 200;
const PIXEL_BYTES = 64 << 20;
const PIXEL_DATA = '7FE00010';

interface Row {
  readonly study_uid: string;
  readonly sop_class: string;
  readonly shown: InstanceLocation;
  readonly other: InstanceLocation;
}

const find = async (withTenant: WithTenant, principal: Principal, conflictId: string): Promise<Row> =>
  await withTenant(principal.tenantId, async (trx) => {
    const place = (alias: string): string =>
      `jsonb_build_object('store', ${alias}.store, 'key', ${alias}.key, 'offset', ${alias}."offset", 'length', ${alias}.length)`;
    const { rows }: { rows: Row[] } = await trx.raw(
      `select st.study_uid, u.uid as sop_class, ${place('i')} as shown, ${place('c')} as other
         from instance_conflict c
         join instance i on i.tenant_id = c.tenant_id and i.id = c.instance_id
         join uid_code u on u.code = i.sop_class
         join series se on se.tenant_id = i.tenant_id and se.id = i.series_id
         join study st on st.tenant_id = se.tenant_id and st.id = se.study_id
        where c.id = ?`,
      [conflictId],
    );
    const [row] = rows;
    if (row === undefined) throw new AppError('not-found', 'There is no such conflict. Reload the list.');
    await auditReconcile(trx, principal, { action: 'imaging.conflict.viewed', studyUid: row.study_uid });
    return row;
  });

const shortened = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

const textOf = (attribute: DicomJsonAttribute | undefined): string | null => {
  if (attribute === undefined) return null;
  if (attribute.InlineBinary !== undefined) return attribute.InlineBinary;
  return (attribute.Value ?? [])
    .map((value) => {
      if (value === null) return '';
      if (typeof value !== 'object') return String(value);
      return 'Alphabetic' in value && typeof value.Alphabetic === 'string'
        ? value.Alphabetic
        : JSON.stringify(value);
    })
    .join(' \\ ');
};

const compare = (shown: DicomJson, other: DicomJson): readonly AttributeDifference[] =>
  [...new Set([...Object.keys(shown), ...Object.keys(other)])]
    .toSorted()
    .filter((tag) => tag !== PIXEL_DATA && JSON.stringify(shown[tag]) !== JSON.stringify(other[tag]))
    .map((tag) => {
      const [a, b] = [textOf(shown[tag]), textOf(other[tag])];
      return {
        tag,
        keyword: keywordOf(Number.parseInt(tag, 16)) ?? null,
        shown: a === null ? null : shortened(a),
        other: b === null ? null : shortened(b),
      };
    });

const attributesOf = async (stored: StoredBytes): Promise<DicomJson> => {
  const { start } = await readStoredHead(stored);
  return toDicomJson(start, {});
};

const pixelsOf = async (stored: StoredBytes): Promise<Buffer | undefined> => {
  const {
    head: { bytes, pixelData },
    start,
  } = await readStoredHead(stored);
  // Of a deflated object the place says nothing about the stored bytes.
  if (pixelData === null || bytes !== start || stored.length > PIXEL_BYTES) return undefined;
  return await stored.read(pixelData.offset, stored.length - pixelData.offset);
};

/** An object that cannot be understood has no attributes to compare; its picture says so. */
const orNothing = async <T>(work: Promise<T>, nothing: T): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AppError && error.kind !== 'unavailable') return nothing;
    throw error;
  }
};

/**
 * Both objects of a conflict side by side: a picture of each, and what differs between their attributes and pixels. The
 * audit log says who looked.
 * @throws AppError `forbidden`, `not-found`; `unavailable` when the bytes cannot be read just now.
 */
export const compareConflict = async (
  deps: {
    readonly withTenant: WithTenant;
    readonly stores: Stores;
    readonly pixels: PixelPool;
  },
  principal: Principal,
  conflictId: string,
): Promise<ConflictComparison> => {
  requirePermission(principal, 'imaging.conflict.read');
  const row = await find(deps.withTenant, principal, conflictId);
  const storedAt = (location: InstanceLocation): StoredBytes => ({
    length: location.length,
    read: async (offset, length) => await readLocation(deps.stores, location, { offset, length }),
  });
  const side = async (stored: StoredBytes): Promise<ConflictSide> => {
    const source = {
      SOPClassUID: row.sop_class,
      stored,
      head: async () => (await readStoredHead(stored)).head,
    };
    const { images, placeholderReason } = await deriveInstance(source, {
      pool: deps.pixels,
      placeholder: (asked) => deps.pixels.placeholder(asked),
      lastAttempt: true,
      adjustment: null,
    });
    const { data, mediaType } = images.preview;
    return { picture: { data: Buffer.from(data), mediaType }, placeholderReason };
  };
  const [shown, other] = [storedAt(row.shown), storedAt(row.other)];
  const differences = compare(
    await orNothing(attributesOf(shown), {}),
    await orNothing(attributesOf(other), {}),
  );
  const [a, b] = [await orNothing(pixelsOf(shown), undefined), await orNothing(pixelsOf(other), undefined)];
  return {
    shown: await side(shown),
    other: await side(other),
    differences: differences.slice(0, DIFFERENCES),
    moreDifferences: Math.max(0, differences.length - DIFFERENCES),
    pixels: a === undefined || b === undefined ? null : a.equals(b) ? 'same' : 'different',
  };
};
