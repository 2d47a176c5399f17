// Real: PostgreSQL 18 (embedded).
import { createTestDatabase, type TestDatabase } from '@archwire/database/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createAccounts } from './create-accounts.ts';
import { ensureFirstAdministrator } from './first-administrator.ts';
import { createSecretBox } from './secret-box.ts';

const client = { address: null, userAgent: null, requestId: 'r' };
const box = createSecretBox(new Uint8Array(32));
let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => await database.close());

const ensure = (email: string | null = null, password: string | null = null) =>
  ensureFirstAdministrator({ database: database.db, email, password });
const signIn = async (email: string, password: string) => {
  const accounts = await createAccounts({
    database: database.db,
    box,
    totp: { required: false, exemptEmail: null },
  });
  return (await accounts.signIn.signIn({ email, password }, client)).next;
};

it('makes one administrator, with a password for one time, however many processes start', async () => {
  const made = (await Promise.all(Array.from({ length: 8 }, () => ensure()))).filter(
    (result) => result !== null,
  );
  expect(made).toEqual([
    { tenantId: made[0]?.tenantId, email: 'admin@archwire.local', oneTimePassword: made[0]?.oneTimePassword },
  ]);
  expect(made[0]?.oneTimePassword).toMatch(/^[a-z2-9]{4}(?:-[a-z2-9]{4}){3}$/);
  expect(await ensure()).toBeNull();
  expect(await signIn('admin@archwire.local', made[0]?.oneTimePassword ?? '')).toBe('change-password');
  expect(await database.owner('select name, issuer, is_default from location')).toEqual([
    { name: 'Main', issuer: 'ARCHWIRE', is_default: true },
  ]);
  expect(await database.owner('select action from audit_log order by seq')).toEqual([
    { action: 'tenant.create' },
    { action: 'user.create' },
    { action: 'auth.sign-in' },
  ]);
});

it('takes the password of the environment', async () => {
  expect(await ensure('Ada@Example.org', 'the password of ada')).toMatchObject({
    email: 'ada@example.org',
    oneTimePassword: null,
  });
  expect(await signIn('ada@example.org', 'the password of ada')).toBeNull();
});

it('replaces a one-time password that nobody read, and nothing else', async () => {
  const first = await ensure();
  expect(await ensure('ada@example.org', 'the password of ada')).toEqual({
    tenantId: first?.tenantId,
    email: 'ada@example.org',
    oneTimePassword: null,
  });
  expect(await signIn('ada@example.org', 'the password of ada')).toBeNull();
  expect(await ensure('eve@example.org', 'the password of eve')).toBeNull();
  expect(await signIn('ada@example.org', 'the password of ada')).toBeNull();
});
