import { AppError } from '@archwire/contracts';
import type { Database } from '@archwire/database';
import type { LeftAlone } from '@archwire/dicom';
import type { ObjectStore } from '@archwire/storage-adapters';
import type { Knex } from 'knex';

import type { Journal, JournalLog } from '../journal/journal.ts';
import type { Recompressor } from '../recompress/create-recompressor.ts';
import { inOrder } from '../recompress/in-order.ts';
import { planRepack } from '../recompress/plan-repack.ts';
import { readRecompressionPolicy } from '../recompress/recompression-policy.ts';
import { recompressedName } from '../recompress/recompressed-store.ts';
import { refreshRecompression } from '../recompress/refresh-recompression.ts';
import type { PackIntents } from './pack-intents.ts';
import { type Pack, planPacks, type UnsettledRange } from './plan-packs.ts';
import { findUnsettled, isPackReferenced, type Move, switchLocations } from './settle-repository.ts';
import { type Packed, type PackPiece, writePack } from './write-pack.ts';

/** The object store of a tenant and the name under which locations refer to it. */
export interface TenantStore {
  readonly name: string;
  readonly store: ObjectStore;
}

export interface SettlerOptions {
  readonly database: Pick<Database, 'knex' | 'withTenant'>;
  readonly journal: Journal;
  /** The name of this node: it settles what lies in its own journal. */
  readonly node: string;
  readonly intents: PackIntents;
  readonly storeOf: (tenantId: string) => Promise<TenantStore>;
  readonly log: JournalLog;
  /** For groups that want what arrives to be recompressed; without it their bytes are packed as they came. */
  readonly recompressor?: Recompressor;
  /** How long a settled series waits to be recompressed where the group wants it when nothing else goes on. */
  readonly recompressAfterMs?: number;
  /** A series has bytes in its object store that it had not before. Whatever it does is its own affair: it must not throw. */
  readonly onSettled?: (tenantId: string, seriesId: string) => void;
  /** How long nothing may have arrived for a series before it is packed. */
  readonly idleMs?: number;
  readonly pollMs?: number;
  /** Largest joined object. */
  readonly packLimit?: number;
}

export interface SettleResult {
  /** Ranges that now lie in the object store. */
  readonly settled: number;
  readonly bytes: number;
}

export interface Settler {
  /** Packs what of the series lies in this node's journal; nothing to do is no error. The processor of `settle-series`. */
  settleSeries(tenantId: string, seriesId: string): Promise<SettleResult>;
  /** Removes objects that a crash left without anybody referring to them. Once, before the first settle. */
  sweepOrphans(): Promise<number>;
  /** Settles every idle series now and then. Call it when the replay is done. */
  start(): { stop(): Promise<void> };
}

const SERIES_PER_ROUND = 50;
const RETRY_MS = 30_000;
/** Whoever looks at the images does so before. */
const RECOMPRESS_AFTER_MS = 15 * 60_000;

interface Piece extends PackPiece<UnsettledRange> {
  readonly recompressed: boolean;
  readonly leftAlone: LeftAlone | null;
}

const describe = (error: unknown): string =>
  error instanceof AppError ? error.kind : error instanceof Error ? error.name : 'unknown';

/** Moves the bytes of idle series from the journal into few immutable objects, verified before the index points at them. */
export const createSettler = (options: SettlerOptions): Settler => {
  const { database, journal, node, intents, storeOf, log } = options;
  const idleMs = options.idleMs ?? 10_000;
  const pollMs = options.pollMs ?? 1000;
  const packLimit = options.packLimit ?? 1 << 30;
  const active = new Map<string, Promise<SettleResult>>();
  const retryAt = new Map<string, number>();
  /** Ranges whose bytes in the journal are not what was received: they stay there, and do not hold up their series. */
  const damaged = new Set<string>();

  const readRange = async ({ key, offset, length }: UnsettledRange): Promise<Buffer> =>
    await journal.reader.read(key, { offset, length });

  /** The bytes as they lie in the journal, read when they are written. */
  const asReceived = (source: UnsettledRange, leftAlone: LeftAlone | null): Piece => ({
    source,
    leftAlone,
    recompressed: false,
    length: source.length,
    sha256: source.sha256,
    chunks: (async function* () {
      yield await readRange(source);
    })(),
  });

  const recompressed = async (source: UnsettledRange, by: Recompressor): Promise<Piece> => {
    // Bytes in conflict stay as they came: somebody may want to compare them.
    if (source.kind === 'conflict') return asReceived(source, null);
    const made = await by.recompress(
      {
        length: source.length,
        read: async (offset, length) =>
          await journal.reader.read(source.key, { offset: source.offset + offset, length }),
      },
      source.sha256,
    );
    if (typeof made === 'string') return asReceived(source, made);
    return { ...made, source, leftAlone: null, recompressed: true };
  };

  async function* pieces(
    ranges: readonly UnsettledRange[],
    by: Recompressor | null,
  ): AsyncGenerator<Piece, void, undefined> {
    if (by === null) for (const range of ranges) yield asReceived(range, null);
    else yield* inOrder(ranges, by.width, async (range) => await recompressed(range, by));
  }

  const moveOf = (store: string, key: string, { source, ...piece }: Packed<Piece>): Move => ({
    kind: source.kind,
    id: source.id,
    from: { store: 'journal', key: source.key, offset: source.offset },
    to: { store: piece.recompressed ? recompressedName(store) : store, key, offset: piece.offset },
    storedLength: piece.recompressed ? piece.length : null,
    leftAlone: piece.leftAlone,
  });

  const settlePack = async (
    tenantId: string,
    seriesId: string,
    target: TenantStore,
    pack: Pack,
    by: Recompressor | null,
  ): Promise<SettleResult> => {
    let moved = new Set<string>();
    const [first] = pack.ranges;
    const content =
      pack.kind === 'file' && by === null && first !== undefined
        ? { file: journal.pathOf(first.key), piece: asReceived(first, null) }
        : { pieces: pieces(pack.ranges, by) };
    const wrong = await writePack<Piece>(
      { intents, target },
      { tenantId, seriesId },
      content,
      async (key, packed) => {
        const moves = await database.withTenant(tenantId, async (trx) => {
          const switched = await switchLocations(
            trx,
            seriesId,
            packed.map((piece) => moveOf(target.name, key, piece)),
          );
          if (by !== null) await refreshRecompression(trx, seriesId);
          return switched;
        });
        moved = new Set(moves.map(({ kind, id }) => `${kind}/${id}`));
        return moved.size;
      },
    );
    for (const { source } of wrong) {
      damaged.add(source.id);
      log.error(
        { tenantId, seriesId, kind: source.kind, id: source.id },
        'settle: the stored bytes differ from those received; they stay in the journal',
      );
    }
    if (wrong.length > 0)
      throw new AppError('integrity', 'Bytes changed between receiving and settling. Check the disk.');
    const free = pack.ranges.filter(({ kind, id }) => moved.has(`${kind}/${id}`));
    journal.release(free.map(({ key, offset, length }) => ({ store: 'journal', key, offset, length })));
    return { settled: free.length, bytes: free.reduce((sum, { length }) => sum + length, 0) };
  };

  const plan = async (trx: Knex.Transaction, seriesId: string): Promise<void> =>
    await planRepack(trx, seriesId, 'recompress', options.recompressAfterMs ?? RECOMPRESS_AFTER_MS);

  const settle = async (tenantId: string, seriesId: string): Promise<SettleResult> => {
    const found = await database.withTenant(tenantId, (trx) => findUnsettled(trx, seriesId, node));
    const ranges = found.filter(({ id }) => !damaged.has(id));
    const total = { settled: 0, bytes: 0 };
    if (ranges.length === 0) return total;
    const target = await storeOf(tenantId);
    const policy = await database.withTenant(tenantId, readRecompressionPolicy);
    const by = policy === 'ingest' ? (options.recompressor ?? null) : null;
    for (const pack of planPacks(ranges, packLimit)) {
      const { settled, bytes } = await settlePack(tenantId, seriesId, target, pack, by);
      total.settled += settled;
      total.bytes += bytes;
    }
    if (total.settled > 0 && policy === 'idle')
      await database.withTenant(tenantId, async (trx) => await plan(trx, seriesId));
    if (total.settled > 0) options.onSettled?.(tenantId, seriesId);
    return total;
  };

  const settleSeries: Settler['settleSeries'] = (tenantId, seriesId) => {
    const running = active.get(seriesId);
    if (running !== undefined) return running;
    const started = settle(tenantId, seriesId).finally(() => active.delete(seriesId));
    active.set(seriesId, started);
    return started;
  };

  const findIdle = async (): Promise<{ tenant_id: string; series_id: string }[]> => {
    const { rows }: { rows: { tenant_id: string; series_id: string }[] } = await database.knex.raw(
      'select * from idle_series(?, ?, ?)',
      [node, idleMs / 1000, SERIES_PER_ROUND],
    );
    return rows;
  };

  /** Returns how many series were settled, so that a full round is followed at once by the next. */
  const round = async (signal: AbortSignal): Promise<number> => {
    let done = 0;
    for (const { tenant_id: tenantId, series_id: seriesId } of await findIdle()) {
      if (signal.aborted) return 0;
      if ((retryAt.get(seriesId) ?? 0) > Date.now()) continue;
      try {
        const result = await settleSeries(tenantId, seriesId);
        retryAt.delete(seriesId);
        if (result.settled > 0) done += 1;
        // Something idle with nothing to settle is damaged: not asked for in every round.
        else retryAt.set(seriesId, Date.now() + RETRY_MS);
      } catch (error) {
        retryAt.set(seriesId, Date.now() + RETRY_MS);
        log.warn(
          { tenantId, seriesId, kind: describe(error) },
          'settle: a series could not be settled; it is tried again',
        );
      }
    }
    return done;
  };

  return {
    settleSeries,
    async sweepOrphans() {
      let removed = 0;
      for (const { packId, intent } of await intents.list()) {
        const { tenantId, seriesId, store, key } = intent;
        const target = await storeOf(tenantId);
        const isKept =
          target.name !== store ||
          (await database.withTenant(tenantId, (trx) => isPackReferenced(trx, seriesId, key)));
        if (!isKept) {
          await target.store.delete(key);
          removed += 1;
        }
        await intents.remove(packId);
      }
      return removed;
    },
    start() {
      const stopping = new AbortController();
      let wake: (() => void) | undefined;
      const pause = (): Promise<void> =>
        new Promise((resolve) => {
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
            log.warn({ kind: describe(error) }, 'settle: idle series could not be found; tried again');
          }
          if (done < SERIES_PER_ROUND && !stopping.signal.aborted) await pause();
        }
      };
      const running = loop();
      return {
        async stop() {
          stopping.abort();
          wake?.();
          await running;
          await Promise.allSettled(active.values());
        },
      };
    },
  };
};
