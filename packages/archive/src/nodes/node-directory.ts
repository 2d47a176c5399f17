import { AppError } from '@archwire/contracts';
import type { Database } from '@archwire/database';

import type { NodeIdentity } from './node-identity.ts';

/** Another node, as it last said of itself. */
export interface KnownNode {
  readonly name: string;
  /** Where its journal is read; `null` when it has no door. */
  readonly url: string | null;
  readonly seenAt: Date;
}

/** The nodes of one installation: each writes its own row and reads those of the others. */
export interface NodeDirectory {
  /** @throws AppError `conflict` when a node with this name and another journal is there. */
  register(node: NodeIdentity & { readonly url: string | null }): Promise<void>;
  /** Says every few seconds that this node is here. `onError` hears of a failure; it heals. */
  beat(name: string, onError: (error: unknown) => void): { stop(): void };
  /** Remembered for two seconds. */
  find(name: string): Promise<KnownNode | undefined>;
}

const BEAT_MS = 5000;
const REMEMBER_MS = 2000;

interface Row {
  readonly name: string;
  readonly url: string | null;
  readonly seen_at: Date;
}

export const createNodeDirectory = ({ knex }: Pick<Database, 'knex'>): NodeDirectory => {
  const remembered = new Map<string, { readonly until: number; readonly node: KnownNode | undefined }>();
  return {
    register: async ({ name, journalId, url }) => {
      const { rows }: { rows: unknown[] } = await knex.raw(
        `insert into node (name, journal_id, url) values (?, ?, ?)
         on conflict (name) do update set url = excluded.url, started_at = now(), seen_at = now()
           where node.journal_id = excluded.journal_id
         returning name`,
        [name, journalId, url],
      );
      if (rows.length === 0) {
        throw new AppError(
          'conflict',
          `Another node is called ${name} already, and images lie in its journal. Set ARCHWIRE_NODE_NAME of this one to a name of its own.`,
        );
      }
    },
    beat: (name, onError) => {
      const timer = setInterval(() => {
        Promise.resolve(knex.raw('update node set seen_at = now() where name = ?', [name])).catch(onError);
      }, BEAT_MS);
      timer.unref();
      return { stop: () => clearInterval(timer) };
    },
    find: async (name) => {
      const known = remembered.get(name);
      if (known !== undefined && known.until > Date.now()) return known.node;
      const { rows }: { rows: Row[] } = await knex.raw('select name, url, seen_at from node where name = ?', [
        name,
      ]);
      const row = rows[0];
      const node = row === undefined ? undefined : { name: row.name, url: row.url, seenAt: row.seen_at };
      remembered.set(name, { until: Date.now() + REMEMBER_MS, node });
      return node;
    },
  };
};
