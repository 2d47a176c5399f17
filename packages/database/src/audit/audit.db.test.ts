// Real: PostgreSQL 18 (embedded).
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { appendAudit, type AuditEntry } from './append-audit.ts';
import { verifyAuditChain } from './verify-audit-chain.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => await database.close());

const ENTRY: AuditEntry = {
  actorKind: 'user',
  actorId: 'user-1',
  action: 'imaging.study.read',
  outcome: 'success',
  studyUid: '1.2.3',
  patientId: 'patient-1',
  address: '127.0.0.1',
};

const append = async (tenantId: string, entry: AuditEntry = ENTRY): Promise<number> =>
  await database.db.withTenant(tenantId, async (trx) => await appendAudit(trx, entry));
const verify = async (tenantId: string): Promise<unknown> =>
  (await database.db.withTenant(tenantId, verifyAuditChain)).broken;

/** As a thief with the owner's rights: the trigger is switched off for one statement. */
const tamper = async (sql: string, tenantId: string): Promise<void> => {
  await database.owner('alter table audit_log disable trigger audit_log_append_only');
  await database.owner(sql, [tenantId]);
  await database.owner('alter table audit_log enable trigger audit_log_append_only');
};

test('1,600 appends of eight clients to two tenants make two unbroken chains', async () => {
  const a = await database.tenant('Chain A');
  const b = await database.tenant('Chain B');
  await Promise.all(
    Array.from({ length: 8 }, async (_, client) => {
      for (let n = 0; n < 200; n++) await append((n + client) % 2 === 0 ? a.tenantId : b.tenantId);
    }),
  );
  for (const { tenantId } of [a, b]) {
    const report = await database.db.withTenant(tenantId, verifyAuditChain);
    expect(report).toEqual({
      firstSeq: 1,
      lastSeq: 800,
      headHash: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      broken: null,
    });
  }
});

test('an entry belongs to the transaction of the change', async () => {
  const { tenantId } = await database.tenant('Rolled back');
  await append(tenantId);
  await database.db
    .withTenant(tenantId, async (trx) => {
      await appendAudit(trx, ENTRY);
      throw new Error('roll back');
    })
    .catch(() => {});
  expect(await append(tenantId)).toBe(2);
  expect(await verify(tenantId)).toBeNull();
});

test.each([
  [
    'the text of an entry',
    `update audit_log set entry = replace(entry, 'user-1', 'user-2') where tenant_id = $1 and seq = 3`,
    'altered',
    3,
  ],
  [
    'a column beside the text',
    `update audit_log set patient_id = 'other' where tenant_id = $1 and seq = 3`,
    'altered',
    3,
  ],
  [
    'the time',
    `update audit_log set at = at + interval '1 millisecond' where tenant_id = $1 and seq = 3`,
    'altered',
    3,
  ],
  ['a deleted entry', `delete from audit_log where tenant_id = $1 and seq = 3`, 'missing', 4],
  ['the last entry deleted', `delete from audit_log where tenant_id = $1 and seq = 5`, 'head', 5],
  [
    'an entry rewritten with a hash of its own',
    `update audit_log set entry = entry || ' ', hash = sha256(prev_hash || convert_to(audit_text(tenant_id, seq, at, entry || ' '), 'UTF8'))
      where tenant_id = $1 and seq = 3`,
    'unlinked',
    4,
  ],
] as const)('%s is found', async (_, sql, reason, seq) => {
  const { tenantId } = await database.tenant('Tamper');
  for (let n = 0; n < 5; n++) await append(tenantId);
  expect(await verify(tenantId)).toBeNull();
  await tamper(sql, tenantId);
  expect(await verify(tenantId)).toEqual({ seq, reason });
});

test('neither the application nor the owner can change or remove an entry', async () => {
  const { tenantId } = await database.tenant('Append only');
  await append(tenantId);
  for (const change of [
    "update audit_log set entry = 'x'",
    'delete from audit_log',
    'truncate audit_log',
    'insert into audit_log select * from audit_log',
    'update audit_head set seq = 0',
    'delete from audit_head',
  ]) {
    await expect(
      database.db.withTenant(tenantId, async (trx) => await trx.raw(change)),
    ).rejects.toMatchObject({ code: '42501' });
  }
  for (const change of ["update audit_log set entry = 'x'", 'delete from audit_log', 'truncate audit_log']) {
    await expect(database.owner(change)).rejects.toMatchObject({ code: '42501' });
  }
});

test('the chain of another tenant is not visible, and without a tenant nothing is appended', async () => {
  const a = await database.tenant('Mine');
  const b = await database.tenant('Theirs');
  await append(a.tenantId);
  const seen = await database.db.withTenant(b.tenantId, async (trx) => await trx('audit_log').pluck('seq'));
  expect(seen).toEqual([]);
  await expect(database.db.knex.raw(`select append_audit('{}')`)).rejects.toMatchObject({ code: '42501' });
});

test('a month that nobody prepared gets its partition when it comes, also in two transactions at once', async () => {
  await Promise.all(
    [1, 2, 3].map(async () => await database.db.knex.raw("select ensure_audit_partition('2031-12-15')")),
  );
  const partitions = await database.owner<{ name: string; bounds: string; forced: boolean; open: boolean }>(`
    select c.relname as name, pg_get_expr(c.relpartbound, c.oid) as bounds, c.relforcerowsecurity as forced,
           has_table_privilege('archwire_app', c.oid, 'select, insert, update, delete') as open
      from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'audit_log'::regclass and c.relname = 'audit_log_203112'`);
  expect(partitions).toEqual([
    {
      name: 'audit_log_203112',
      bounds: "FOR VALUES FROM ('2031-12-01 00:00:00+00') TO ('2032-01-01 00:00:00+00')",
      forced: true,
      open: false,
    },
  ]);
});

test('the partition of the current month is made by the append itself when it is missing', async () => {
  const { tenantId } = await database.tenant('Rollover');
  const own = await createTestDatabase();
  try {
    const tenant = await own.tenant('Rollover');
    const [partition] = await own.owner<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'audit_log'::regclass`,
    );
    await own.owner(`drop table ${partition?.name}`);
    expect(await own.db.withTenant(tenant.tenantId, async (trx) => await appendAudit(trx, ENTRY))).toBe(1);
  } finally {
    await own.close();
  }
  expect(await append(tenantId)).toBe(1);
});
