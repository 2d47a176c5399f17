import { AppError } from '@archwire/contracts';
import type { Database } from '@archwire/database';
import type { LeftAlone, StoredBytes } from '@archwire/dicom';

import type { JournalLog } from '../journal/journal.ts';
import type { TenantStore } from '../settle/create-settler.ts';
import type { PackIntents } from '../settle/pack-intents.ts';
import { type Move, switchPlaces } from '../settle/settle-repository.ts';
import { type Packed, type PackPiece, writePack } from '../settle/write-pack.ts';
import type { LocatedReader } from '../stores/create-stores.ts';
import type { Recompressor } from './create-recompressor.ts';
import { findPacks, type PackedItem } from './find-packs.ts';
import { inOrder } from './in-order.ts';
import { markLeftAlone } from './mark-left-alone.ts';
import { recompressedName, type RecompressedReader } from './recompressed-store.ts';
import { refreshRecompression } from './refresh-recompression.ts';

export interface RepackerOptions {
  readonly database: Pick<Database, 'knex' | 'withTenant'>;
  readonly storeOf: (tenantId: string) => Promise<TenantStore>;
  /** Reads the object store as it is, and what lies recompressed in it. */
  readonly plain: LocatedReader;
  readonly recompressed: RecompressedReader;
  readonly recompressor: Recompressor;
  readonly intents: PackIntents;
  readonly log: JournalLog;
  readonly pollMs?: number;
  /** How long a pack that nobody names any more is kept for those who are reading it. */
  readonly keepMs?: number;
}

export interface Repacker {
  /** Does what is planned for the series; nothing planned is no error. */
  repack(tenantId: string, seriesId: string): Promise<void>;
  /** Deletes packs whose time is over. */
  sweep(): Promise<number>;
  /** Does what is due now and then. */
  start(): { stop(): Promise<void> };
}

interface Piece extends PackPiece<PackedItem> {
  readonly form: 'received' | 'recompressed';
  readonly leftAlone: LeftAlone | null;
}

/** Until then nobody else takes the series; a process that dies leaves it to others. */
const LEASE_SECONDS = 900;
const BATCH = 4;
const CHUNK = 1 << 20;

async function* chunksOf(
  stored: Pick<StoredBytes, 'length' | 'read'>,
): AsyncGenerator<Buffer, void, undefined> {
  for (let at = 0; at < stored.length; at += CHUNK)
    yield await stored.read(at, Math.min(CHUNK, stored.length - at));
}

/**
 * Packs settled series anew: recompressed when a group wants it once they are idle, or as they were received when a person wants
 * that back. The new pack is written, read back and compared before the index names it; the old one is deleted a while later. A
 * crash at any moment leaves the old pack in use or the new one, never neither.
 */
export const createRepacker = (options: RepackerOptions): Repacker => {
  const { database, storeOf, plain, recompressed, recompressor, intents, log } = options;
  const pollMs = options.pollMs ?? 5000;
  const keepMs = options.keepMs ?? 15 * 60_000;

  const original = (item: PackedItem, reader: LocatedReader): StoredBytes => ({
    length: item.location.length,
    read: async (offset, length) => await reader.read(item.location, { offset, length }),
  });
  const received = (source: PackedItem, leftAlone: LeftAlone | null, reader: LocatedReader): Piece => ({
    source,
    form: 'received',
    leftAlone,
    length: source.location.length,
    sha256: source.sha256,
    chunks: (async function* () {
      for await (const chunk of await reader.open(source.location)) yield Buffer.from(chunk);
    })(),
  });

  const compact = async (item: PackedItem, isCompact: boolean): Promise<Piece> => {
    if (isCompact) {
      const { entry, sha256 } = await recompressed.entry(item.location);
      return {
        source: item,
        form: 'recompressed',
        leftAlone: null,
        length: entry.length,
        sha256,
        chunks: chunksOf(entry),
      };
    }
    if (!item.isNew) return received(item, null, plain);
    const made = await recompressor.recompress(original(item, plain), item.sha256);
    if (typeof made === 'string') return received(item, made, plain);
    return { ...made, source: item, form: 'recompressed', leftAlone: null };
  };

  const repackOne = async (
    tenantId: string,
    seriesId: string,
    how: 'recompress' | 'restore',
    key: string,
    items: readonly PackedItem[],
  ): Promise<void> => {
    const target = await storeOf(tenantId);
    const isCompact = ({ location }: PackedItem): boolean => location.store === recompressedName(target.name);
    if (
      items.some(
        ({ location }) => location.store !== target.name && location.store !== recompressedName(target.name),
      )
    )
      return;
    const wanted = how === 'restore' ? items.some(isCompact) : items.some(({ isNew }) => isNew);
    if (!wanted) return;
    const pieces = inOrder(items, recompressor.width, async (item) =>
      how === 'recompress'
        ? await compact(item, isCompact(item))
        : received(item, null, isCompact(item) ? recompressed : plain),
    );
    const moveOf = (newKey: string, { source, form, leftAlone, length, offset }: Packed<Piece>): Move => ({
      kind: source.kind,
      id: source.id,
      from: source.location,
      to: {
        store: form === 'recompressed' ? recompressedName(target.name) : target.name,
        key: newKey,
        offset,
      },
      storedLength: form === 'recompressed' ? length : null,
      leftAlone,
    });
    const wrong = await writePack<Piece>(
      { intents, target },
      { tenantId, seriesId },
      { pieces },
      async (newKey, packed) => {
        const gained = packed.some(({ form, source }) => form === 'recompressed' && !isCompact(source));
        return await database.withTenant(tenantId, async (trx) => {
          if (how === 'recompress' && !gained) {
            // Nothing became smaller: the pack that is there serves as well.
            await markLeftAlone(
              trx,
              packed.flatMap(({ source, leftAlone }) =>
                leftAlone === null ? [] : [{ id: source.id, leftAlone }],
              ),
            );
            await refreshRecompression(trx, seriesId);
            return 0;
          }
          const moved = await switchPlaces(
            trx,
            seriesId,
            packed.map((piece) => moveOf(newKey, piece)),
          );
          await refreshRecompression(trx, seriesId);
          await trx.raw(
            `insert into obsolete_pack (tenant_id, store, key, series_id, delete_after)
             values (app_tenant(), ?, ?, ?, clock_timestamp() + make_interval(secs => ?)) on conflict do nothing`,
            [target.name, key, seriesId, keepMs / 1000],
          );
          return moved.length;
        });
      },
    );
    if (wrong.length > 0)
      throw new AppError('integrity', 'Bytes did not read back as they were written. Check the store.');
  };

  const repack: Repacker['repack'] = async (tenantId, seriesId) => {
    const found = await database.withTenant(tenantId, async (trx) => {
      const { rows }: { rows: { repack: 'recompress' | 'restore' | null; repack_at: string }[] } =
        await trx.raw('select repack, repack_at::text as repack_at from series where id = ?', [seriesId]);
      const [row] = rows;
      return row?.repack == null
        ? undefined
        : { how: row.repack, at: row.repack_at, packs: await findPacks(trx, seriesId) };
    });
    if (found === undefined) return;
    for (const [key, items] of found.packs) await repackOne(tenantId, seriesId, found.how, key, items);
    // Another plan may have been made meanwhile.
    await database.withTenant(tenantId, async (trx) =>
      trx.raw(
        'update series set repack = null, repack_at = null where id = ? and repack = ? and repack_at = ?::timestamptz',
        [seriesId, found.how, found.at],
      ),
    );
  };

  const sweep: Repacker['sweep'] = async () => {
    const { rows }: { rows: { tenant_id: string; series_id: string; store: string; key: string }[] } =
      await database.knex.raw('select * from due_obsolete_packs(?)', [100]);
    for (const { tenant_id: tenantId, series_id: seriesId, store, key } of rows) {
      const target = await storeOf(tenantId);
      await database.withTenant(tenantId, async (trx) => {
        await trx('series').where({ id: seriesId }).forUpdate().select('id');
        const named: unknown =
          (await trx('instance').where({ series_id: seriesId, key }).first('id')) ??
          (await trx('instance_conflict').where({ key }).first('id'));
        if (named === undefined && target.name === store) await target.store.delete(key);
        await trx('obsolete_pack').where({ store, key }).delete();
      });
    }
    return rows.length;
  };

  const round = async (signal: AbortSignal): Promise<number> => {
    const { rows }: { rows: { tenant_id: string; series_id: string }[] } = await database.knex.raw(
      'select * from claim_repacks(?, ?)',
      [LEASE_SECONDS, BATCH],
    );
    for (const { tenant_id: tenantId, series_id: seriesId } of rows) {
      if (signal.aborted) return 0;
      try {
        await repack(tenantId, seriesId);
      } catch (error) {
        log.warn(
          { tenantId, seriesId, kind: error instanceof AppError ? error.kind : 'unknown' },
          'repack: a series could not be packed anew; it is tried again',
        );
      }
    }
    return rows.length + (await sweep());
  };

  return {
    repack,
    sweep,
    start() {
      const stopping = new AbortController();
      let wake: (() => void) | undefined;
      const pause = async (): Promise<void> =>
        await new Promise((resolve) => {
          const timer = setTimeout(resolve, pollMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      const loop = async (): Promise<void> => {
        while (!stopping.signal.aborted) {
          let done = 0;
          try {
            done = await round(stopping.signal);
          } catch (error) {
            log.warn(
              { kind: error instanceof Error ? error.name : 'unknown' },
              'repack: what is due could not be found; tried again',
            );
          }
          if (done === 0 && !stopping.signal.aborted) await pause();
        }
      };
      const running = loop();
      return {
        async stop() {
          stopping.abort();
          wake?.();
          await running;
        },
      };
    },
  };
};
