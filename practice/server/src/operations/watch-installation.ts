import type { Database } from '@archwire/database';
import type { NodeFigures } from './read-overview.ts';

/** Something that no table shows. Without a tenant it is the installation's. */
export interface Finding {
  readonly tenantId: string | null;
  readonly kind: string;
  readonly subject: string;
  readonly severity: 'warning' | 'critical';
  readonly details: Readonly<Record<string, unknown>>;
}

export interface InstallationWatch {
  /** Says that this process is alive, adds up what was counted, and finds out what is the matter. */
  beat(): Promise<void>;
  /** Beats every ten seconds until stopped; then says that this process is gone on purpose. */
  start(onError: (error: unknown) => void): () => Promise<void>;
}

const BEAT_MS = 10_000;
const EVALUATE_EVERY = 2;
const PRUNE_EVERY = 60;
/** Any constant of our own: one process at a time adds up and evaluates. */
const LOCK = 4_172_015;
const ROLL_UP = 20_000;

/** What each process does for the operations page, whichever services it runs. */
export const createInstallationWatch = (deps: {
  readonly database: Pick<Database, 'knex'>;
  readonly node: {
    readonly id: string;
    readonly name: string;
    readonly services: readonly string[];
    readonly version: string;
    readonly startedAt: Date;
  };
  readonly figures: () => Promise<NodeFigures>;
  readonly findings: () => Promise<readonly Finding[]>;
  /** After an evaluation, by the process that made it. */
  readonly onEvaluated?: () => Promise<void>;
}): InstallationWatch => {
  const { knex } = deps.database;
  const { node } = deps;
  let beats = 0;

  const say = async (): Promise<void> => {
    await knex.raw(
      `insert into service_node (id, name, services, version, started_at, figures) values (?, ?, ?, ?, ?, ?)
       on conflict (id) do update set seen_at = now(), figures = excluded.figures`,
      [
        node.id,
        node.name,
        node.services.join(','),
        node.version,
        node.startedAt,
        JSON.stringify(await deps.figures()),
      ],
    );
  };

  /** `true` when this process held the lock and did it. */
  const tend = async (evaluate: boolean, prune: boolean): Promise<boolean> => {
    const findings = evaluate ? await deps.findings() : [];
    return await knex.transaction(async (trx) => {
      const { rows } = await trx.raw<{ rows: { mine: boolean }[] }>(
        'select pg_try_advisory_xact_lock(?) as mine',
        [LOCK],
      );
      if (rows[0]?.mine !== true) return false;
      await trx.raw('select storage_roll_up(?)', [ROLL_UP]);
      if (evaluate) await trx.raw('select evaluate_alerts(?::jsonb)', [JSON.stringify(findings)]);
      if (prune) await trx.raw('select operations_prune()');
      return true;
    });
  };

  const beat = async (): Promise<void> => {
    const evaluate = beats % EVALUATE_EVERY === 0;
    const prune = beats % PRUNE_EVERY === PRUNE_EVERY - 1;
    beats += 1;
    await say();
    if ((await tend(evaluate, prune)) && evaluate) await deps.onEvaluated?.();
  };

  return {
    beat,
    start: (onError) => {
      let running = Promise.resolve();
      const next = (): void => {
        // One that takes long is not overtaken by the next.
        running = running.then(beat).catch(onError);
      };
      next();
      const timer = setInterval(next, BEAT_MS);
      return async () => {
        clearInterval(timer);
        await running;
        await knex.raw('delete from service_node where id = ?', [node.id]).catch(onError);
      };
    },
  };
};
