// Real: PostgreSQL 18 (embedded), LISTEN/NOTIFY included.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { appendOutbox } from './append-outbox.ts';
import { createOutboxRelay, type OutboxEvent } from './outbox-relay.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => await database.close());

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

const append = async (tenantId: string, topic: string, numbers: readonly number[]): Promise<void> =>
  await database.db.withTenant(tenantId, async (trx) => {
    for (const n of numbers) await appendOutbox(trx, topic, { n });
  });

test('events of all tenants arrive in the order of ids; what rolled back never does', async () => {
  const a = await database.tenant('Order A');
  const b = await database.tenant('Order B');
  await append(a.tenantId, 'order', [1, 2]);
  const seen: OutboxEvent[] = [];
  const relay = createOutboxRelay({
    db: database.db,
    publish: async (event) => {
      seen.push(event);
    },
    onError: () => {},
  }).start();
  await until(() => seen.length === 2);
  await database.db
    .withTenant(a.tenantId, async (trx) => {
      await appendOutbox(trx, 'order', { n: 99 });
      throw new Error('roll back');
    })
    .catch(() => {});
  await append(b.tenantId, 'order', [3, 4, 5]);
  await until(() => seen.length === 5);
  await relay.stop();
  expect(seen.map(({ tenantId, payload, attempt }) => [tenantId, payload['n'], attempt])).toEqual([
    [a.tenantId, 1, 1],
    [a.tenantId, 2, 1],
    [b.tenantId, 3, 1],
    [b.tenantId, 4, 1],
    [b.tenantId, 5, 1],
  ]);
  expect(seen.map(({ id }) => id)).toEqual(seen.map(({ id }) => id).toSorted((left, right) => left - right));
});

test('an event whose handler failed comes again with the same id, and does not hold up the others', async () => {
  const { tenantId } = await database.tenant('Fail');
  const seen: [number, number][] = [];
  const ids = new Set<number>();
  const errors: unknown[] = [];
  const relay = createOutboxRelay({
    db: database.db,
    publish: async ({ id, payload, attempt }) => {
      if (payload['n'] === 1) ids.add(id);
      seen.push([Number(payload['n']), attempt]);
      if (payload['n'] === 1 && attempt === 1) throw new Error('queue is away');
    },
    onError: (error) => errors.push(error),
  }).start();
  await append(tenantId, 'fail', [1, 2]);
  await until(() => seen.length === 3);
  await relay.stop();
  expect(seen).toEqual([
    [1, 1],
    [2, 1],
    [1, 2],
  ]);
  expect(ids.size).toBe(1);
  expect(errors.map(String)).toEqual(['Error: queue is away']);
});

test('two relays share the work: every event once', async () => {
  const { tenantId } = await database.tenant('Two');
  const seen: number[] = [];
  const make = (): { stop(): Promise<void> } =>
    createOutboxRelay({
      db: database.db,
      publish: async ({ payload }) => {
        seen.push(Number(payload['n']));
      },
      onError: () => {},
    }).start();
  const relays = [make(), make()];
  const numbers = Array.from({ length: 400 }, (_, n) => n);
  await Promise.all(
    [0, 1, 2, 3].map(
      async (part) =>
        await append(
          tenantId,
          'two',
          numbers.filter((n) => n % 4 === part),
        ),
    ),
  );
  await until(() => seen.length >= 400);
  for (const relay of relays) await relay.stop();
  expect(seen.toSorted((left, right) => left - right)).toEqual(numbers);
});

test('the relay survives losing its connections', async () => {
  const { tenantId } = await database.tenant('Lost');
  const seen: unknown[] = [];
  const relay = createOutboxRelay({
    db: database.db,
    publish: async ({ payload }) => {
      seen.push(payload['n']);
    },
    onError: () => {},
  }).start();
  await append(tenantId, 'lost', [1]);
  await until(() => seen.length === 1);
  // pg_terminate_backend of the application's sessions needs a member of its role.
  await database.terminateSessions();
  // Every connection of the pool is dead; each failed query takes one of them out.
  for (let attempt = 0; ; attempt += 1) {
    const failed = await append(tenantId, 'lost', [2]).then(
      () => false,
      () => true,
    );
    if (!failed) break;
    expect(attempt).toBeLessThan(20);
  }
  await until(() => seen.length === 2);
  await relay.stop();
  expect(seen).toEqual([1, 2]);
});

test('delivered events are pruned, undelivered ones never', async () => {
  const { tenantId } = await database.tenant('Prune');
  await append(tenantId, 'prune', [1, 2]);
  await database.owner(
    "update outbox set published_at = now() - interval '2 days' where tenant_id = $1 and payload = '{\"n\":1}'",
    [tenantId],
  );
  await database.db.knex.raw("select outbox_prune('1 day', 100)");
  const left = await database.db.withTenant(tenantId, async (trx) => await trx('outbox').pluck('payload'));
  expect(left).toEqual([{ n: 2 }]);
});

test('the application role cannot rewrite or delete an event by hand', async () => {
  const { tenantId } = await database.tenant('Hand');
  await append(tenantId, 'hand', [1]);
  for (const change of ['update outbox set topic = null', 'delete from outbox']) {
    await expect(
      database.db.withTenant(tenantId, async (trx) => await trx.raw(change)),
    ).rejects.toMatchObject({ code: '42501' });
  }
});
