import { createHash } from 'node:crypto';
import type { ShownView } from '@archwire/dicom';
import type { TenantStore } from '../settle/create-settler.ts';
import type { StoredInstance } from '../retrieve/stored-instance.ts';
import type { DerivedInstance } from './derive-instance.ts';
import { DERIVATIVE_KINDS, RECIPE } from './recipe.ts';
import type { DerivativeRow } from './write-derivatives.ts';

/** An instance with the pictures made of it. */
export interface DerivedPictures {
  readonly instance: StoredInstance;
  readonly derived: DerivedInstance;
  /** What it shows; `null` when the index knows as much. */
  readonly shown: ShownView | null;
  /** Revision of how a person wants it shown; 0 for as it is. */
  readonly adjustment: number;
}

/** What the pictures of one instance weigh together, in bytes. */
export const pictureBytes = ({ derived }: DerivedPictures): number =>
  [...new Set(DERIVATIVE_KINDS.map((kind) => derived.images[kind].data))].reduce(
    (sum, { length }) => sum + length,
    0,
  );

/** The same pictures made again, after a crash, take the place of those that nobody refers to. */
const packKey = (tenantId: string, seriesId: string, pictures: readonly DerivedPictures[]): string => {
  const name = createHash('sha256').update(String(RECIPE));
  for (const { instance, adjustment } of pictures)
    name.update(`/${instance.id}/${instance.sha256}${adjustment === 0 ? '' : `/${adjustment}`}`);
  return `t/${tenantId}/derivatives/${seriesId}/${name.digest('hex').slice(0, 32)}.pack`;
};

/**
 * Puts the pictures of several instances of a series into one object and answers the rows that name their ranges. One
 * object, because a file for each costs more than the pictures do; thumbnails lie first, since they are looked at together.
 */
export const packDerivatives = async (
  { name, store }: TenantStore,
  tenantId: string,
  seriesId: string,
  made: readonly DerivedPictures[],
): Promise<readonly DerivativeRow[]> => {
  // Threads finish in any order; the key and the layout must not depend on it.
  const pictures = made.toSorted((a, b) => a.instance.id - b.instance.id);
  const key = packKey(tenantId, seriesId, pictures);
  const parts: Uint8Array[] = [];
  // The preview of a small image is its display image: kept once.
  const placed = new Map<Uint8Array, number>();
  let end = 0;
  const place = (data: Uint8Array): number => {
    const offset = placed.get(data) ?? end;
    if (offset === end) {
      placed.set(data, offset);
      parts.push(data);
      end += data.length;
    }
    return offset;
  };
  const rows = DERIVATIVE_KINDS.flatMap((kind) =>
    pictures.map(({ instance, derived, adjustment }): DerivativeRow => {
      const { data, mediaType, width, height } = derived.images[kind];
      const { frame, frameBytes, placeholderReason } = derived;
      const compressionRatio = frameBytes === null ? null : data.length / frameBytes;
      const range = { store: name, key, offset: place(data), length: data.length };
      const shown = {
        kind,
        mediaType,
        width,
        height,
        frame,
        placeholderReason,
        compressionRatio,
        adjustment,
      };
      return { ...range, ...shown, instanceId: instance.id, sha256: instance.sha256 };
    }),
  );
  await store.put(key, Buffer.concat(parts, end));
  return rows;
};
