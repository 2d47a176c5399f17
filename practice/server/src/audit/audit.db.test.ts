// Real: PostgreSQL 18 (embedded), the audit chain and its functions.
import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { AppError, type Permission, PERMISSIONS, type Principal } from '@archwire/contracts';
import { appendAudit } from '@archwire/database';
import { createTestDatabase, type TestDatabase, type TestTenant } from '@archwire/database/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createAuditService } from './audit-service.ts';

let database: TestDatabase;
let tenant: TestTenant;
let now: number;

const principal = (
  { tenantId }: TestTenant = tenant,
  permissions: readonly Permission[] = PERMISSIONS,
): Principal => ({
  tenantId,
  kind: 'user',
  id: '33333333-3333-7333-8333-333333333333',
  locationId: null,
  permissions: new Set(permissions),
  address: '127.0.0.1',
  userAgent: 'test',
  requestId: 'r1',
});
const audit = () => createAuditService({ database: database.db, clock: () => new Date(now) });
const kindOf = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error: unknown) => (error instanceof AppError ? error.kind : error),
  );
const write = async (action: string, more: object = {}, at: TestTenant = tenant): Promise<void> =>
  await database.db.withTenant(at.tenantId, async (trx) => {
    await appendAudit(trx, { actorKind: 'system', actorId: null, action, outcome: 'success', ...more });
  });

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => await database.close());
beforeEach(async () => {
  tenant = await database.tenant('Ours');
  now = Date.parse('2026-03-01T10:00:00Z');
});

it('pages newest first without leaving out or repeating, and writes each look down once', async () => {
  for (let n = 0; n < 25; n += 1) await write(`made.n${n}`);
  const service = audit();
  const seen: string[] = [];
  let before: string | undefined;
  do {
    const page = await service.list(principal(), {}, { before, limit: 10 });
    seen.push(...page.entries.map(({ action }) => action));
    before = page.next ?? undefined;
  } while (before !== undefined);
  expect(seen).toEqual(['audit.log.read', ...Array.from({ length: 25 }, (_, n) => `made.n${24 - n}`)]);
  await service.list(principal(), {}, { limit: 1 });
  now += 5 * 60_000 + 1;
  await service.list(principal(), {}, { limit: 1 });
  const [{ count } = { count: -1 }] = await database.owner<{ count: number }>(
    "select count(*)::int as count from audit_log where tenant_id = $1 and action = 'audit.log.read'",
    [tenant.tenantId],
  );
  expect(count).toBe(2);
});

it('finds by action, outcome, study and actor, and nothing of another group', async () => {
  const other = await database.tenant('Theirs');
  await write('imaging.study.viewed', { studyUid: '1.2.3', actorKind: 'user', actorId: 'u1' });
  await write('auth.login', { outcome: 'failure' });
  await write('imaging.study.viewed', { studyUid: '1.2.3' }, other);
  const found = async (filter: Parameters<ReturnType<typeof audit>['list']>[1]): Promise<string[]> =>
    (await audit().list(principal(), filter, { limit: 50 })).entries.map(({ action }) => action);
  expect(await found({ studyUid: '1.2.3' })).toEqual(['imaging.study.viewed']);
  expect(await found({ outcome: 'failure' })).toEqual(['auth.login']);
  expect(await found({ actorId: 'u1', actorKind: 'user' })).toEqual(['imaging.study.viewed']);
  expect(await found({ action: ['auth.login', 'nothing'] })).toEqual(['auth.login']);
  expect(await found({ to: '2000-01-01T00:00:00Z' })).toEqual([]);
});

it('exports a file that a spreadsheet cannot be made to run, and writes that down', async () => {
  await write('made.hostile', { reason: '=HYPERLINK("http://x"),\n"quoted"', userAgent: '@sum' });
  const csv = await text(Readable.from(await audit().exportCsv(principal(), {})));
  const [head, ...lines] = csv.split('\r\n');
  expect(head).toMatch(/^\u{feff}seq,at,actorKind,/u);
  expect(lines.join('\r\n')).toContain('"\'=HYPERLINK(""http://x""),\n""quoted"""');
  expect(lines.join('\r\n')).toContain("'@sum");
  expect(lines.join('\r\n')).toContain('audit.log.export');
});

it('says that the chain is whole, and which entry somebody altered', async () => {
  for (let n = 0; n < 5; n += 1) await write(`made.n${n}`);
  const whole = await audit().verify(principal());
  expect([whole.broken, whole.verifiedAt]).toEqual([null, '2026-03-01T10:00:00.000Z']);
  await database.owner('alter table audit_log disable trigger audit_log_append_only');
  await database.owner(
    `update audit_log set entry = replace(entry, 'made.n2', 'made.n9') where tenant_id = $1 and action = 'made.n2'`,
    [tenant.tenantId],
  );
  await database.owner('alter table audit_log enable trigger audit_log_append_only');
  expect((await audit().verify(principal())).broken).toMatchObject({ reason: 'altered' });
});

it('shows nothing to whoever may not read it, and names no patient to whoever may not see images', async () => {
  const nobody = principal(tenant, ['imaging.study.read']);
  expect([
    await kindOf(audit().list(nobody, {}, { limit: 1 })),
    await kindOf(audit().exportCsv(nobody, {})),
    await kindOf(audit().verify(nobody)),
  ]).toEqual(['forbidden', 'forbidden', 'forbidden']);
  const [patient] = await database.owner<{ id: string }>(
    "insert into patient (tenant_id, registration, name, name_folded) values ($1, 'registered', 'Doe^Jane', 'doe^jane') returning id",
    [tenant.tenantId],
  );
  await write('imaging.patient.viewed', { patientId: patient?.id });
  const names = async (permissions: readonly Permission[]) =>
    (
      await audit().list(principal(tenant, permissions), { action: ['imaging.patient.viewed'] }, { limit: 5 })
    ).entries.map(({ patientName }) => patientName);
  expect([await names(['audit.log.read']), await names(['audit.log.read', 'imaging.study.read'])]).toEqual([
    [null],
    ['Doe^Jane'],
  ]);
});
