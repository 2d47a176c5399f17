// Real: PostgreSQL 18 (embedded), argon2id, TOTP, AES-256-GCM. The clock is a hand we turn.
import { AppError } from '@archwire/contracts';
import { createTestDatabase, type TestDatabase, type TestTenant } from '@archwire/database/testing';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Accounts, createAccounts } from './create-accounts.ts';
import { hashPassword } from './password-hash.ts';
import { createSecretBox } from './secret-box.ts';
import { assertSecretKey } from './secret-key.ts';

const client = { address: '127.0.0.1', userAgent: 'vitest', requestId: 'req-1' };
const PASSWORD = 'a long enough password';
const KEY = new Uint8Array(32).fill(3);
const box = createSecretBox(KEY);

let database: TestDatabase;
let tenant: TestTenant;
let hash: string;
let accounts: Accounts;
let email: string;
let now = Date.UTC(2026, 0, 15, 9, 0, 0);
let serial = 0;

const clock = () => new Date(now);
const open = () =>
  createAccounts({ database: database.db, box, clock, totp: { required: true, exemptEmail: null } });

beforeAll(async () => {
  database = await createTestDatabase();
  hash = await hashPassword(PASSWORD);
  accounts = await open();
});
afterAll(async () => await database.close());
beforeEach(async () => {
  tenant = await database.tenant(`Group ${(serial += 1)}`);
  email = `person-${serial}@example.org`;
  await database.owner(
    "insert into app_user (tenant_id, email, display_name, role, password_hash) values ($1, $2, 'Ada', 'administrator', $3)",
    [tenant.tenantId, email, hash],
  );
});

const reasonOf = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return error.details['reason'] ?? error.kind;
    throw error;
  }
  return 'no error';
};
const signIn = (factor: { totp?: string; recoveryCode?: string } = {}) =>
  accounts.signIn.signIn({ email, password: PASSWORD, ...factor }, client);
const self = async (issued: { readonly accessToken: string }) => {
  const { principal, user } = await accounts.authenticator.accessToken(issued.accessToken, client);
  if (user === null) throw new Error('not a person');
  return { principal, user };
};
const codeOf = (secret: string) => new TOTP({ secret }).generate({ timestamp: now });
const enrol = async () => {
  const me = await self(await signIn());
  const { secret } = await accounts.totp.begin(me, undefined);
  const codes = await accounts.totp.confirm(me, codeOf(secret));
  now += 30_000;
  return { me: await self(await signIn({ totp: codeOf(secret) })), secret, codes };
};
const stored = async () => {
  const [row] = await database.owner<{ text: string }>(
    'select to_jsonb(u)::text as text from app_user u where tenant_id = $1',
    [tenant.tenantId],
  );
  return row?.text ?? '';
};

describe('secrets of authenticator apps', () => {
  it('are not in the tables, neither while they wait nor once they are confirmed', async () => {
    const me = await self(await signIn());
    const { secret } = await accounts.totp.begin(me, undefined);
    expect(await stored()).not.toContain(secret);
    await accounts.totp.confirm(me, codeOf(secret));
    expect(await stored()).not.toContain(secret);
    expect(await stored()).toContain('"totp_secret": "v1.');
  });

  it('that an older version wrote in the clear are sealed at start, and go on working', async () => {
    const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
    await database.owner(
      'update app_user set totp_secret = $2, totp_confirmed_at = now() where tenant_id = $1',
      [tenant.tenantId, secret],
    );
    await Promise.all([open(), open()]);
    expect(await stored()).not.toContain(secret);
    expect((await signIn({ totp: codeOf(secret) })).next).toBeNull();
  });

  it('are replaced with the password; the old app works until the new one is confirmed', async () => {
    const { me, secret } = await enrol();
    expect(await reasonOf(accounts.totp.begin(me, undefined))).toBe('password-wrong');
    expect(await reasonOf(accounts.totp.begin(me, 'guess'))).toBe('password-wrong');
    const next = await accounts.totp.begin(me, PASSWORD);
    now += 30_000;
    expect((await signIn({ totp: codeOf(secret) })).next).toBeNull();
    await accounts.totp.confirm(me, codeOf(next.secret));
    now += 30_000;
    expect(await reasonOf(signIn({ totp: codeOf(secret) }))).toBe('totp-invalid');
    expect((await signIn({ totp: codeOf(next.secret) })).next).toBeNull();
  });

  it('refuse a database that was begun with another key', async () => {
    await assertSecretKey(database.db, KEY);
    await assertSecretKey(database.db, KEY);
    await expect(assertSecretKey(database.db, new Uint8Array(32))).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('ARCHWIRE_SECRET_KEY') as unknown,
    });
  });
});

describe('recovery codes', () => {
  it('are ten, kept as hashes, and open the door once each, however they are typed', async () => {
    const { me, codes } = await enrol();
    expect(codes).toHaveLength(10);
    expect(new Set(codes.map((code) => /^[a-z2-9]{5}-[a-z2-9]{5}$/.test(code)))).toEqual(new Set([true]));
    const rows = await database.owner<{ text: string }>(
      'select to_jsonb(c)::text as text from recovery_code c',
    );
    expect(rows.map(({ text }) => text).join()).not.toContain(codes[0]?.slice(0, 5));
    const [first = '', second = ''] = codes;
    expect((await signIn({ recoveryCode: ` ${first.toUpperCase().replace('-', ' ')} ` })).next).toBeNull();
    expect(await reasonOf(signIn({ recoveryCode: first }))).toBe('recovery-invalid');
    expect((await signIn({ recoveryCode: second })).next).toBeNull();
    expect((await accounts.profile.read(me)).recoveryCodesLeft).toBe(8);
  });

  it('open it once when one is sent twice at the same time', async () => {
    const { codes } = await enrol();
    const [code = ''] = codes;
    const both = await Promise.all([1, 2].map(() => reasonOf(signIn({ recoveryCode: code }))));
    expect(new Set(both)).toEqual(new Set(['no error', 'recovery-invalid']));
  });

  it('are guessed at no longer than passwords are', async () => {
    await enrol();
    for (let guess = 0; guess < 5; guess += 1)
      expect(await reasonOf(signIn({ recoveryCode: 'aaaaa-aaaaa' }))).toBe('recovery-invalid');
    expect(await reasonOf(signIn({ recoveryCode: 'aaaaa-aaaaa' }))).toBe('locked');
  });

  it('are renewed with the password, and the old ones end', async () => {
    const { me, codes } = await enrol();
    expect(await reasonOf(accounts.totp.renewRecoveryCodes(me, 'guess'))).toBe('password-wrong');
    const fresh = await accounts.totp.renewRecoveryCodes(me, PASSWORD);
    expect(await reasonOf(signIn({ recoveryCode: codes[3] ?? '' }))).toBe('recovery-invalid');
    expect((await signIn({ recoveryCode: fresh[3] ?? '' })).next).toBeNull();
  });

  it('belong to one person', async () => {
    const { codes } = await enrol();
    email = `other-${serial}@example.org`;
    await database.owner(
      "insert into app_user (tenant_id, email, display_name, role, password_hash) values ($1, $2, 'Bo', 'administrator', $3)",
      [tenant.tenantId, email, hash],
    );
    await enrol();
    expect(await reasonOf(signIn({ recoveryCode: codes[0] ?? '' }))).toBe('recovery-invalid');
  });
});

describe('a refresh token that comes back', () => {
  it('ends every session of the person, who is told at the next sign-in and at every open page', async () => {
    const { me, secret } = await enrol();
    now += 30_000;
    const stolen = await signIn({ totp: codeOf(secret) });
    now += 30_000;
    const elsewhere = await signIn({ totp: codeOf(secret) });
    await accounts.signIn.refresh(stolen.refreshToken, client);
    now += 11_000;
    expect(await reasonOf(accounts.signIn.refresh(stolen.refreshToken, client))).toBe('session-reused');
    await expect(accounts.signIn.refresh(elsewhere.refreshToken, client)).rejects.toMatchObject({
      details: { reason: 'session-ended', because: 'token-reused' },
    });
    await expect(accounts.authenticator.accessToken(elsewhere.accessToken, client)).rejects.toMatchObject({
      kind: 'unauthenticated',
    });
    now += 30_000;
    const again = await self(await signIn({ totp: codeOf(secret) }));
    expect((await accounts.profile.read(again)).alert).toEqual({
      kind: 'token-reused',
      at: new Date(now - 30_000).toISOString(),
    });
    await accounts.profile.acknowledgeAlert(again);
    expect((await accounts.profile.read(again)).alert).toBeNull();
    expect(me.user.userId).toBe(again.user.userId);
  });

  it('says nothing about a session to somebody who only knows its id', async () => {
    const { me, secret } = await enrol();
    now += 30_000;
    const issued = await signIn({ totp: codeOf(secret) });
    await accounts.own.signOutEverywhere(me);
    const forged = `${issued.refreshToken.slice(0, -43)}${'A'.repeat(43)}`;
    const told = await accounts.signIn.refresh(forged, client).catch((error: unknown) => error);
    expect(told instanceof AppError && told.details).toEqual({ reason: 'session-ended' });
    await expect(accounts.signIn.refresh(issued.refreshToken, client)).rejects.toMatchObject({
      details: { reason: 'session-ended', because: 'sign-out-everywhere' },
    });
  });
});
