import type { InstanceLocation } from '@archwire/contracts';
import type { WithTenant } from '@archwire/database';
import type { DerivativeKind } from '../derive/recipe.ts';
import { pictureRecipe } from '../derive/picture-recipe.ts';
import { pictureVersion } from './study-image.ts';

export interface StoredPicture {
  readonly location: InstanceLocation;
  readonly mediaType: string;
  readonly studyInstanceUid: string;
}

export interface PictureAddress {
  readonly instanceId: string;
  readonly version: string;
  readonly kind: DerivativeKind;
}

/** Finds the pictures of a page full of them. */
export interface PictureLookup {
  /**
   * `undefined` when the tenant has no such instance, when its pictures are of another version by now, or when its study
   * was rejected and the asker may not decide about it.
   */
  find(tenantId: string, address: PictureAddress, seesRejected: boolean): Promise<StoredPicture | undefined>;
}

interface Row {
  readonly instance_id: string;
  readonly kind: DerivativeKind;
  readonly sha: string;
  readonly recipe: number;
  readonly store: string;
  readonly key: string;
  readonly offset: number;
  readonly length: number;
  readonly media_type: string;
  readonly study_uid: string;
  readonly rejected: boolean;
}

interface Batch {
  readonly ids: Set<string>;
  readonly rows: Promise<ReadonlyMap<string, Row>>;
}

const keyOf = (instanceId: string, kind: string): string => `${instanceId}/${kind}`;

/** Whoever asks in the same turn of the event loop shares one statement: a page of thumbnails is a handful, not hundreds. */
export const createPictureLookup = ({ withTenant }: { readonly withTenant: WithTenant }): PictureLookup => {
  const gathering = new Map<string, Batch>();

  const query = async (tenantId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Row>> => {
    const { rows }: { rows: Row[] } = await withTenant(
      tenantId,
      async (trx) =>
        await trx.raw(
          `select d.instance_id::text as instance_id, d.kind, encode(i.sha256, 'hex') as sha, ${pictureRecipe('d')} as recipe, d.store, d.key,
                  d."offset", d.length, d.media_type, s.study_uid, s.match_state = 'rejected' as rejected
             from derivative d join instance i on i.id = d.instance_id
             join series e on e.id = i.series_id join study s on s.id = e.study_id
            where d.instance_id = any(?::bigint[])`,
          [[...ids]],
        ),
    );
    return new Map(rows.map((row) => [keyOf(row.instance_id, row.kind), row]));
  };

  const batchOf = (tenantId: string): Batch => {
    const known = gathering.get(tenantId);
    if (known !== undefined) return known;
    const ids = new Set<string>();
    const turn = Promise.withResolvers<void>();
    setImmediate(() => {
      gathering.delete(tenantId);
      turn.resolve();
    });
    const batch = { ids, rows: turn.promise.then(async () => await query(tenantId, [...ids])) };
    gathering.set(tenantId, batch);
    return batch;
  };

  return {
    find: async (tenantId, { instanceId, version, kind }, seesRejected) => {
      const batch = batchOf(tenantId);
      batch.ids.add(instanceId);
      const row = (await batch.rows).get(keyOf(instanceId, kind));
      if (row === undefined || pictureVersion(row.sha, row.recipe) !== version) return undefined;
      if (row.rejected && !seesRejected) return undefined;
      return {
        location: { store: row.store, key: row.key, offset: row.offset, length: row.length },
        mediaType: row.media_type,
        studyInstanceUid: row.study_uid,
      };
    },
  };
};
