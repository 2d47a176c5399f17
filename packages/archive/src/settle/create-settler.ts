import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';

import { AppError } from '@archwire/contracts';
import type { Database } from '@archwire/database';
import type { ObjectStore } from '@archwire/storage-adapters';

import type { Journal, JournalLog } from '../journal/journal.ts';
import type { PackIntents } from './pack-intents.ts';
import { type Pack, planPacks, type UnsettledRange } from './plan-packs.ts';
import { findUnsettled, isPackReferenced, type Move, switchLocations } from './settle-repository.ts';
import { verifyPack } from './verify-pack.ts';

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

const describe = (error: unknown): string =>
  error instanceof AppError ? error.kind : error instanceof Error ? error.name : 'unknown';

/** Moves the bytes of idle series from the journal into few immutable objects, verified before the index points at them. */
export const createSettler = (options: SettlerOptions): Settler => {
  const { database, journal, node, intents, storeOf, log } = options;
  const idleMs = options.idleMs ?? 10_000;
  const pollMs = options.pollMs ?? 2000;
  const packLimit = options.packLimit ?? 1 << 30;
  const active = new Map<string, Promise<SettleResult>>();
  const retryAt = new Map<string, number>();
  /** Ranges whose bytes in the journal are not what was received: they stay there, and do not hold up their series. */
  const damaged = new Set<string>();

  async function* recordsOf(ranges: readonly UnsettledRange[]): AsyncGenerator<Buffer> {
    for (const { key, offset, length } of ranges) yield await journal.reader.read(key, { offset, length });
  }

  const put = async (store: ObjectStore, key: string, pack: Pack): Promise<void> => {
    if (pack.kind === 'file') await store.putFile(key, journal.pathOf(pack.ranges[0].key));
    else
      await store.put(
        key,
        Readable.from(recordsOf(pack.ranges), { objectMode: false, highWaterMark: 1 << 20 }),
      );
  };

  const movesOf = (ranges: readonly UnsettledRange[], store: string, key: string): Move[] => {
    let offset = 0;
    return ranges.map((range) => {
      const to = { store, key, offset, length: range.length };
      offset += range.length;
      return { range, to };
    });
  };

  const settlePack = async (
    tenantId: string,
    seriesId: string,
    target: TenantStore,
    pack: Pack,
  ): Promise<SettleResult> => {
    const packId = randomUUID();
    const key = `t/${tenantId}/series/${seriesId}/${packId}`;
    await intents.add(packId, { tenantId, seriesId, store: target.name, key });
    const wrong = await put(target.store, key, pack)
      .then(() => verifyPack(target.store, key, pack.ranges))
      .catch(async (error: unknown) => {
        // Nothing refers to it yet. Once the switch has begun, only a look at the index can tell: the next start sweeps.
        await target.store.delete(key);
        await intents.remove(packId);
        throw error;
      });
    const moved =
      wrong.length > 0
        ? []
        : await database.withTenant(tenantId, (trx) =>
            switchLocations(trx, seriesId, movesOf(pack.ranges, target.name, key)),
          );
    if (moved.length === 0) await target.store.delete(key);
    await intents.remove(packId);
    for (const range of wrong) {
      damaged.add(range.id);
      log.error(
        { tenantId, seriesId, kind: range.kind, id: range.id },
        'settle: the stored bytes differ from those received; they stay in the journal',
      );
    }
    if (wrong.length > 0)
      throw new AppError('integrity', 'Bytes changed between receiving and settling. Check the disk.');
    journal.release(
      moved.map(({ range: { key: from, offset, length } }) => ({
        store: 'journal',
        key: from,
        offset,
        length,
      })),
    );
    return { settled: moved.length, bytes: moved.reduce((sum, { range }) => sum + range.length, 0) };
  };

  const settle = async (tenantId: string, seriesId: string): Promise<SettleResult> => {
    const found = await database.withTenant(tenantId, (trx) => findUnsettled(trx, seriesId, node));
    const ranges = found.filter(({ id }) => !damaged.has(id));
    const total = { settled: 0, bytes: 0 };
    if (ranges.length === 0) return total;
    const target = await storeOf(tenantId);
    for (const pack of planPacks(ranges, packLimit)) {
      const { settled, bytes } = await settlePack(tenantId, seriesId, target, pack);
      total.settled += settled;
      total.bytes += bytes;
    }
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
          (await database.withTenant(tenantId, (trx) => isPackReferenced(trx, seriesId, store, key)));
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
