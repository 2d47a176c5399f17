import { AppError } from '@archwire/contracts';
import { Overview, ServiceNode } from '@archwire/contracts/api/operations';
import type { WithTenant } from '@archwire/database';
import { z } from 'zod';

const instant = z.coerce.date().transform((at) => at.toISOString());
const Storage = z.array(z.object({ kind: z.string(), objects: z.int(), bytes: z.int() }));

/** What a process says of itself, as the table keeps it. */
export const NodeFigures = ServiceNode.pick({ memoryBytes: true, disk: true, journal: true }).extend({
  /** Parts that were not well. */
  problems: z.array(z.object({ part: z.string(), reason: z.string() })),
});
export type NodeFigures = z.infer<typeof NodeFigures>;

const Row = z.object({
  postgres: z.string(),
  schema: z.string(),
  storage: Storage,
  outbox_waiting: z.int(),
  outbox_oldest: instant.nullable(),
  unsettled_since: instant.nullable(),
  open_alerts: z.int(),
  installation: z
    .object({
      outbox_waiting: z.int(),
      outbox_oldest: instant.nullable(),
      tenants: z.int(),
      storage: Storage,
      nodes: z.array(
        z.object({
          id: z.uuid(),
          name: z.string(),
          services: z.string(),
          version: z.string(),
          started_at: instant,
          seen_at: instant,
          alive: z.boolean(),
          figures: NodeFigures,
        }),
      ),
    })
    .nullable(),
});

const STORED = `select coalesce(jsonb_agg(k order by k.bytes desc), '[]') from (
  select kind, sum(objects) as objects, sum(bytes) as bytes from (
    select kind, objects, bytes from storage_total union all select kind, objects, bytes from storage_change) a
   group by kind) k`;

const OVERVIEW = `
  select split_part(current_setting('server_version'), ' ', 1) as postgres,
         (select max(name) from schema_migration) as schema,
         (${STORED}) as storage,
         (select count(*) from (select from outbox where published_at is null limit 100000) k) as outbox_waiting,
         (select min(created_at) from outbox where published_at is null) as outbox_oldest,
         (select min(last_arrival_at) from series where unsettled_count > 0) as unsettled_since,
         (select count(*) from alert where cleared_at is null) as open_alerts,
         case when app_tenant() = (select tenant_id from find_first_tenant()) then
           (select to_jsonb(f) from installation_figures() f) || jsonb_build_object('nodes', (
              select coalesce(jsonb_agg(to_jsonb(n) || jsonb_build_object('alive', n.seen_at > now() - interval '45 seconds')
                                        order by n.name, n.started_at desc), '[]')
                from service_node n where n.seen_at > now() - interval '1 hour'))
         end as installation`;

type FromDatabase = Pick<z.infer<typeof Overview>, 'storage' | 'outbox' | 'unsettledSince' | 'openAlerts'> & {
  readonly postgres: string;
  readonly schema: string;
  readonly installation: Omit<NonNullable<z.infer<typeof Overview>['installation']>, 'queues'> | null;
};

/** What the database knows of the archive's state, in one round trip; of the installation only for its first tenant. */
export const readOverview = async (withTenant: WithTenant, tenantId: string): Promise<FromDatabase> =>
  await withTenant(tenantId, async (trx) => {
    const { rows } = await trx.raw<{ rows: unknown[] }>(OVERVIEW);
    const parsed = Row.safeParse(rows[0]);
    if (!parsed.success)
      throw new AppError('internal', 'The figures are not as expected.', { cause: parsed.error });
    const { installation: all, ...own } = parsed.data;
    return {
      postgres: own.postgres,
      schema: own.schema,
      storage: own.storage,
      outbox: { waiting: own.outbox_waiting, oldestAt: own.outbox_oldest },
      unsettledSince: own.unsettled_since,
      openAlerts: own.open_alerts,
      installation:
        all === null
          ? null
          : {
              groups: all.tenants,
              storage: all.storage,
              outbox: { waiting: all.outbox_waiting, oldestAt: all.outbox_oldest },
              nodes: all.nodes.map((node) => ({
                id: node.id,
                name: node.name,
                services: node.services.split(','),
                version: node.version,
                startedAt: node.started_at,
                seenAt: node.seen_at,
                alive: node.alive,
                memoryBytes: node.figures.memoryBytes,
                disk: node.figures.disk,
                journal: node.figures.journal,
              })),
            },
    };
  });
