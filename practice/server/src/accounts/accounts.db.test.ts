// Real: PostgreSQL 18 (embedded), argon2id, signed tokens. The clock is a hand we turn.
import { AppError, PERMISSIONS, type Role, ROLES } from '@archwire/contracts';
import { createTestDatabase, type TestDatabase, type TestTenant } from '@archwire/database/testing';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '../api/client.ts';
import type { RawRequest, Reply, Route } from '../api/route.ts';
import { createDeviceCapabilities } from '../devices/device-capabilities.ts';
import { createDeviceEcho } from '../devices/device-echo.ts';
import { createDeviceService } from '../devices/device-service.ts';
import { devicesRoutes } from '../devices/devices-routes.ts';
import { createRefusalList } from '../devices/refusal-list.ts';
import { imagingRoutes } from '../imaging/imaging-routes.ts';
import { accountsRoutes } from './accounts-routes.ts';
import type { Authenticated } from './authenticator.ts';
import { type Accounts, createAccounts } from './create-accounts.ts';
import { hashPassword } from './password-hash.ts';
import { createSecretBox } from './secret-box.ts';

const client: Client = { address: '127.0.0.1', userAgent: 'vitest', requestId: 'req-1' };
const box = createSecretBox(new Uint8Array(32));
const PASSWORD = 'a long enough password';
const START = Date.UTC(2026, 0, 15, 9, 0, 0);

let database: TestDatabase;
let tenant: TestTenant;
let now = START;
let hash: string;
let accounts: Accounts;
let serial = 0;

const clock = () => new Date(now);
const later = (seconds: number) => {
  now += seconds * 1000;
};

beforeAll(async () => {
  database = await createTestDatabase();
  hash = await hashPassword(PASSWORD);
});
afterAll(async () => await database.close());
beforeEach(async () => {
  now = START;
  tenant = await database.tenant(`Group ${(serial += 1)}`);
  accounts = await createAccounts({
    database: database.db,
    clock,
    box,
    totp: { required: false, exemptEmail: null },
  });
});

const addUser = async (role: Role, at: TestTenant = tenant): Promise<{ id: string; email: string }> => {
  const email = `${role}-${(serial += 1)}@example.org`;
  const [row] = await database.owner<{ id: string }>(
    'insert into app_user (tenant_id, email, display_name, role, password_hash) values ($1, $2, $3, $4, $5) returning id',
    [at.tenantId, email, role, role, hash],
  );
  if (row === undefined) throw new Error('no user');
  return { id: row.id, email };
};

const reasonOf = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return [error.kind, error.details['reason'] ?? null];
    throw error;
  }
  return 'no error';
};

const signIn = (email: string, password = PASSWORD, totp?: string) =>
  accounts.signIn.signIn({ email, password, totp }, client);
const enter = async (email: string): Promise<Authenticated> => {
  const issued = await signIn(email);
  return await accounts.authenticator.accessToken(issued.accessToken, client);
};
const self = (who: Authenticated) => {
  if (who.user === null) throw new Error('not a person');
  return { principal: who.principal, user: who.user };
};
const audited = async (at: TestTenant = tenant) =>
  await database.owner<{ action: string; outcome: string }>(
    'select action, outcome from audit_log where tenant_id = $1 order by seq',
    [at.tenantId],
  );

describe('signing in', () => {
  it('gives a token that opens what the role may, and writes it down', async () => {
    const { id, email } = await addUser('assistant');
    const issued = await signIn(` ${email.toUpperCase()} `);
    expect(issued).toEqual({
      accessToken: issued.accessToken,
      refreshToken: issued.refreshToken,
      expiresIn: 900,
      next: null,
    });
    const { principal, user } = await accounts.authenticator.accessToken(issued.accessToken, client);
    expect(principal).toEqual({
      tenantId: tenant.tenantId,
      kind: 'user',
      id,
      locationId: null,
      permissions: new Set(ROLES.assistant),
      ...client,
    });
    expect(user).toEqual({
      tenantId: tenant.tenantId,
      userId: id,
      sessionId: user?.sessionId,
      email,
      displayName: 'assistant',
      role: 'assistant',
      totpEnrolled: false,
      next: null,
    });
    expect(await audited()).toEqual([{ action: 'auth.sign-in', outcome: 'success' }]);
  });

  it('says the same to a stranger, a wrong password and somebody who left', async () => {
    const { id, email } = await addUser('billing');
    expect(await reasonOf(signIn('nobody@example.org'))).toEqual(['unauthenticated', 'credentials']);
    expect(await reasonOf(signIn(email, 'wrong'))).toEqual(['unauthenticated', 'credentials']);
    await database.owner('update app_user set deactivated_at = now() where id = $1', [id]);
    expect(await reasonOf(signIn(email))).toEqual(['unauthenticated', 'credentials']);
    const failures = await database.owner<{ reason: string }>(
      "select entry::jsonb ->> 'reason' as reason from audit_log where tenant_id = $1 order by seq",
      [tenant.tenantId],
    );
    expect(failures).toEqual([{ reason: 'password' }, { reason: 'deactivated' }]);
  });

  it('locks the account for a growing time, even against the right password, and opens again', async () => {
    const { email } = await addUser('billing');
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect(await reasonOf(signIn(email, 'wrong'))).toEqual(['unauthenticated', 'credentials']);
    }
    await expect(signIn(email)).rejects.toMatchObject({
      kind: 'rate-limited',
      details: { reason: 'locked', retryAfterSeconds: 30 },
    });
    later(30);
    expect(await reasonOf(signIn(email, 'wrong'))).toEqual(['unauthenticated', 'credentials']);
    later(59);
    expect(await reasonOf(signIn(email))).toEqual(['rate-limited', 'locked']);
    later(1);
    expect((await signIn(email)).next).toBeNull();
    expect(await reasonOf(signIn(email, 'wrong'))).toEqual(['unauthenticated', 'credentials']);
    expect((await signIn(email)).next).toBeNull();
  });

  it('counts guesses that run side by side', async () => {
    const { email } = await addUser('billing');
    const guesses = await Promise.all(Array.from({ length: 12 }, () => reasonOf(signIn(email, 'wrong'))));
    expect(guesses.filter((guess) => JSON.stringify(guess).includes('locked'))).toHaveLength(7);
  });

  it('refuses tokens that are forged, foreign or old', async () => {
    const { email } = await addUser('billing');
    const { accessToken } = await signIn(email);
    const [header, payload, signature] = accessToken.split('.');
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    for (const token of [
      '',
      'x',
      none,
      `${header}.${payload}.${signature?.split('').toReversed().join('')}`,
    ]) {
      expect(await reasonOf(accounts.authenticator.accessToken(token, client))).toEqual([
        'unauthenticated',
        'session-ended',
      ]);
    }
    later(899);
    expect((await accounts.authenticator.accessToken(accessToken, client)).principal.kind).toBe('user');
    later(1);
    expect(await reasonOf(accounts.authenticator.accessToken(accessToken, client))).toEqual([
      'unauthenticated',
      'session-ended',
    ]);
  });

  it('accepts the tokens of another process of the same installation', async () => {
    const { email } = await addUser('billing');
    const other = await createAccounts({
      database: database.db,
      clock,
      box,
      totp: { required: false, exemptEmail: null },
    });
    const { accessToken } = await signIn(email);
    expect((await other.authenticator.accessToken(accessToken, client)).user?.email).toBe(email);
  });
});

describe('refresh tokens', () => {
  it('rotate, and go on rotating for the 30 days of a session', async () => {
    const { email } = await addUser('billing');
    let { refreshToken } = await signIn(email);
    for (let day = 6; day < 30; day += 6) {
      later(6 * 24 * 3600);
      const next = await accounts.signIn.refresh(refreshToken, client);
      expect(next.refreshToken).not.toBe(refreshToken);
      expect((await accounts.authenticator.accessToken(next.accessToken, client)).user?.email).toBe(email);
      refreshToken = next.refreshToken;
    }
    later(6 * 24 * 3600);
    expect(await reasonOf(accounts.signIn.refresh(refreshToken, client))).toEqual([
      'unauthenticated',
      'session-ended',
    ]);
  });

  it('are worth nothing after seven days', async () => {
    const { email } = await addUser('billing');
    const { refreshToken } = await signIn(email);
    later(7 * 24 * 3600);
    expect(await reasonOf(accounts.signIn.refresh(refreshToken, client))).toEqual([
      'unauthenticated',
      'session-ended',
    ]);
  });

  it('revoke the whole family when one is used twice', async () => {
    const { email } = await addUser('billing');
    const first = await signIn(email);
    const second = await accounts.signIn.refresh(first.refreshToken, client);
    later(11);
    expect(await reasonOf(accounts.signIn.refresh(first.refreshToken, client))).toEqual([
      'unauthenticated',
      'session-reused',
    ]);
    expect(await reasonOf(accounts.signIn.refresh(second.refreshToken, client))).toEqual([
      'unauthenticated',
      'session-ended',
    ]);
    expect(await reasonOf(accounts.authenticator.accessToken(second.accessToken, client))).toEqual([
      'unauthenticated',
      'session-ended',
    ]);
    expect(await audited()).toEqual([
      { action: 'auth.sign-in', outcome: 'success' },
      { action: 'auth.refresh', outcome: 'failure' },
    ]);
  });

  it('forgive two tabs that wake together', async () => {
    const { email } = await addUser('billing');
    const { refreshToken } = await signIn(email);
    const tabs = await Promise.all([
      accounts.signIn.refresh(refreshToken, client),
      accounts.signIn.refresh(refreshToken, client),
    ]);
    later(9);
    const after = await Promise.all(tabs.map((tab) => accounts.signIn.refresh(tab.refreshToken, client)));
    expect(new Set(after.map((tab) => tab.refreshToken)).size).toBe(2);
  });

  it('are refused when they are not ours', async () => {
    const { email } = await addUser('billing');
    const { refreshToken } = await signIn(email);
    const [tenantId, sessionId, secret] = refreshToken.split('.');
    const other = await database.tenant('Other');
    for (const token of [
      '',
      'x.y.z',
      `${other.tenantId}.${sessionId}.${secret}`,
      `${tenantId}.${sessionId}.${'A'.repeat(43)}`,
    ]) {
      expect(await reasonOf(accounts.signIn.refresh(token, client))).toEqual([
        'unauthenticated',
        'session-ended',
      ]);
    }
  });
});

describe('sessions', () => {
  it('end one by one, or all at once', async () => {
    const { email } = await addUser('billing');
    const [one, two, three] = await Promise.all([signIn(email), signIn(email), signIn(email)]);
    const here = await accounts.authenticator.accessToken(one.accessToken, client);
    const listed = await accounts.own.sessions(self(here));
    expect(
      listed
        .map(({ address, userAgent, current }) => ({ address, userAgent, current }))
        .sort((a, b) => Number(a.current) - Number(b.current)),
    ).toEqual([
      { address: '127.0.0.1', userAgent: 'vitest', current: false },
      { address: '127.0.0.1', userAgent: 'vitest', current: false },
      { address: '127.0.0.1', userAgent: 'vitest', current: true },
    ]);
    const twoUser = (await accounts.authenticator.accessToken(two.accessToken, client)).user;
    await accounts.own.endSession(self(here), twoUser?.sessionId ?? '');
    expect(await reasonOf(accounts.authenticator.accessToken(two.accessToken, client))).toEqual([
      'unauthenticated',
      'session-ended',
    ]);
    expect(await reasonOf(accounts.own.endSession(self(here), twoUser?.sessionId ?? ''))).toEqual([
      'not-found',
      null,
    ]);
    await accounts.own.signOutEverywhere(self(here));
    for (const issued of [one, three]) {
      expect(await reasonOf(accounts.authenticator.accessToken(issued.accessToken, client))).toEqual([
        'unauthenticated',
        'session-ended',
      ]);
      expect(await reasonOf(accounts.signIn.refresh(issued.refreshToken, client))).toEqual([
        'unauthenticated',
        'session-ended',
      ]);
    }
  });

  it('of others end when the password changes', async () => {
    const { email } = await addUser('billing');
    const other = await signIn(email);
    const here = await enter(email);
    expect(
      await reasonOf(
        accounts.own.changePassword(self(here), { current: 'wrong', next: 'another good password' }),
      ),
    ).toEqual(['invalid', 'password-wrong']);
    expect(
      await reasonOf(accounts.own.changePassword(self(here), { current: PASSWORD, next: PASSWORD })),
    ).toEqual(['invalid', 'password-same']);
    expect(
      await reasonOf(
        accounts.own.changePassword(self(here), { current: PASSWORD, next: 'aaaaaaaaaaaaaaaa' }),
      ),
    ).toEqual(['invalid', 'password-weak']);
    await accounts.own.changePassword(self(here), { current: PASSWORD, next: 'another good password' });
    expect(await reasonOf(accounts.signIn.refresh(other.refreshToken, client))).toEqual([
      'unauthenticated',
      'session-ended',
    ]);
    expect((await accounts.own.sessions(self(here))).map((session) => session.current)).toEqual([true]);
    expect(await reasonOf(signIn(email))).toEqual(['unauthenticated', 'credentials']);
    expect((await signIn(email, 'another good password')).next).toBeNull();
  });
});

describe('the second factor', () => {
  beforeEach(async () => {
    accounts = await createAccounts({
      database: database.db,
      clock,
      box,
      totp: { required: true, exemptEmail: 'root@example.org' },
    });
  });

  it('is demanded of administrators and clinicians only, and of the exempt one not', async () => {
    const next = await Promise.all(
      (['administrator', 'orthodontist', 'hygienist', 'referring-reader'] as const).map(
        async (role) => (await signIn((await addUser(role)).email)).next,
      ),
    );
    expect(next).toEqual(['enrol-totp', 'enrol-totp', null, null]);
    await database.owner(
      "update app_user set email = 'root@example.org' where tenant_id = $1 and role = 'administrator'",
      [tenant.tenantId],
    );
    expect((await signIn('root@example.org')).next).toBeNull();
  });

  it('is set up on the first day: one-time password, own password, authenticator, product', async () => {
    const { id, email } = await addUser('administrator');
    await database.owner('update app_user set must_change_password = true where id = $1', [id]);
    const issued = await signIn(email);
    expect(issued.next).toBe('change-password');
    const at = async () => await accounts.authenticator.accessToken(issued.accessToken, client);
    expect((await at()).principal.permissions).toEqual(new Set());
    expect(await reasonOf(accounts.totp.begin(self(await at()), undefined))).toEqual([
      'forbidden',
      'change-password',
    ]);
    await accounts.own.changePassword(self(await at()), { current: PASSWORD, next: 'another good password' });
    expect((await at()).user?.next).toBe('enrol-totp');

    const { secret, uri, qrSvg } = await accounts.totp.begin(self(await at()), undefined);
    expect(uri).toContain(`secret=${secret}`);
    expect(qrSvg).toMatch(/^<svg[\s\S]*<\/svg>$/);
    const code = () => new TOTP({ secret }).generate({ timestamp: now });
    expect(
      await reasonOf(accounts.totp.confirm(self(await at()), code() === '000000' ? '000001' : '000000')),
    ).toEqual(['invalid', 'totp-invalid']);
    const used = code();
    await accounts.totp.confirm(self(await at()), used);
    const complete = await at();
    expect(complete.user?.next).toBeNull();
    expect(complete.principal.permissions).toEqual(new Set(PERMISSIONS));
    expect(await reasonOf(accounts.totp.begin(self(complete), undefined))).toEqual([
      'invalid',
      'password-wrong',
    ]);

    expect(await reasonOf(signIn(email, 'another good password'))).toEqual([
      'unauthenticated',
      'totp-required',
    ]);
    expect(await reasonOf(signIn(email, 'another good password', used))).toEqual([
      'unauthenticated',
      'totp-invalid',
    ]);
    later(30);
    const fresh = code();
    expect((await signIn(email, 'another good password', fresh)).next).toBeNull();
    expect(await reasonOf(signIn(email, 'another good password', fresh))).toEqual([
      'unauthenticated',
      'totp-invalid',
    ]);
    expect(await reasonOf(signIn(email, 'wrong', fresh))).toEqual(['unauthenticated', 'credentials']);
  });
});

describe('API keys', () => {
  it('work until they are revoked, and never more than their maker may', async () => {
    const admin = await enter((await addUser('administrator')).email);
    const { apiKey, key } = await accounts.apiKeys.create(admin.principal, {
      name: 'Scanner bridge',
      role: 'device',
      locationId: tenant.locationId,
    });
    expect(key).toMatch(new RegExp(`^awk_${apiKey.prefix}_[A-Za-z0-9_-]{43}$`));
    const known = await accounts.authenticator.apiKey(key, client);
    expect(known).toEqual({
      user: null,
      principal: {
        tenantId: tenant.tenantId,
        kind: 'api-key',
        id: apiKey.id,
        locationId: tenant.locationId,
        permissions: new Set(ROLES.device),
        ...client,
      },
    });
    expect(await accounts.apiKeys.list(admin.principal)).toEqual([
      { ...apiKey, lastUsedAt: clock().toISOString() },
    ]);
    for (const wrong of [
      `${key}x`,
      key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A'),
      'awk_aaaaaaaaaaaa_' + 'a'.repeat(43),
      'x',
    ]) {
      expect(await reasonOf(accounts.authenticator.apiKey(wrong, client))).toEqual([
        'unauthenticated',
        'api-key',
      ]);
    }
    const weak = { ...admin.principal, permissions: new Set(['accounts.apikey.write'] as const) };
    expect(await reasonOf(accounts.apiKeys.create(weak, { name: 'x', role: 'device' }))).toEqual([
      'forbidden',
      null,
    ]);
    await accounts.apiKeys.revoke(admin.principal, apiKey.id);
    expect(await reasonOf(accounts.authenticator.apiKey(key, client))).toEqual([
      'unauthenticated',
      'api-key',
    ]);
    expect(await accounts.apiKeys.list(admin.principal)).toEqual([]);
    expect(await reasonOf(accounts.apiKeys.revoke(admin.principal, apiKey.id))).toEqual(['not-found', null]);
  });

  it('are kept as hashes only', async () => {
    const admin = await enter((await addUser('administrator')).email);
    const { key } = await accounts.apiKeys.create(admin.principal, { name: 'k', role: 'device' });
    const [row] = await database.owner<{ text: string }>(
      'select k::text as text from api_key k where tenant_id = $1',
      [tenant.tenantId],
    );
    expect(row?.text).not.toContain(key.slice(-43));
  });
});

describe('users', () => {
  it('are added with a one-time password, changed, and let go', async () => {
    const admin = await enter((await addUser('administrator')).email);
    const { user, oneTimePassword } = await accounts.users.create(admin.principal, {
      email: 'Zoe@Example.org',
      displayName: 'Zoe',
      role: 'hygienist',
    });
    expect(user).toEqual({
      id: user.id,
      email: 'zoe@example.org',
      displayName: 'Zoe',
      role: 'hygienist',
      active: true,
      totpEnrolled: false,
      mustChangePassword: true,
      lockedUntil: null,
      lastSignInAt: null,
      createdAt: clock().toISOString(),
    });
    const first = await signIn('zoe@example.org', oneTimePassword ?? '');
    expect(first.next).toBe('change-password');
    expect(
      await reasonOf(
        accounts.users.create(admin.principal, {
          email: 'zoe@example.org',
          displayName: 'Z',
          role: 'billing',
        }),
      ),
    ).toEqual(['conflict', 'email-taken']);
    expect(
      await accounts.users.update(admin.principal, user.id, { role: 'assistant', displayName: 'Zoë' }),
    ).toEqual({ ...user, role: 'assistant', displayName: 'Zoë', lastSignInAt: clock().toISOString() });
    const reset = await accounts.users.resetPassword(admin.principal, user.id);
    expect(await reasonOf(accounts.signIn.refresh(first.refreshToken, client))).toEqual([
      'unauthenticated',
      'session-ended',
    ]);
    const again = await signIn('zoe@example.org', reset.oneTimePassword ?? '');
    expect((await accounts.users.update(admin.principal, user.id, { active: false })).active).toBe(false);
    expect(await reasonOf(accounts.authenticator.accessToken(again.accessToken, client))).toEqual([
      'unauthenticated',
      'session-ended',
    ]);
    expect(await reasonOf(accounts.signIn.refresh(again.refreshToken, client))).toEqual([
      'unauthenticated',
      'session-ended',
    ]);
  });

  it('always keep one active administrator, also when two act at once', async () => {
    const [one, two] = await Promise.all([addUser('administrator'), addUser('administrator')]);
    const [a, b] = [await enter(one.email), await enter(two.email)];
    const outcome = await Promise.all([
      reasonOf(accounts.users.update(a.principal, two.id, { role: 'billing' })),
      reasonOf(accounts.users.update(b.principal, one.id, { active: false })),
    ]);
    expect(outcome.filter((each) => each === 'no error')).toHaveLength(1);
    const left = await database.owner(
      "select id from app_user where tenant_id = $1 and role = 'administrator' and deactivated_at is null",
      [tenant.tenantId],
    );
    expect(left).toHaveLength(1);
  });

  it('belong to their group: another one neither sees nor changes them', async () => {
    const mine = await addUser('hygienist');
    const other = await database.tenant('Elsewhere');
    const stranger = await enter((await addUser('administrator', other)).email);
    expect((await accounts.users.list(stranger.principal)).map((user) => user.role)).toEqual([
      'administrator',
    ]);
    expect(await reasonOf(accounts.users.update(stranger.principal, mine.id, { active: false }))).toEqual([
      'not-found',
      null,
    ]);
    expect(await reasonOf(accounts.users.resetPassword(stranger.principal, mine.id))).toEqual([
      'not-found',
      null,
    ]);
    expect(
      await reasonOf(
        accounts.apiKeys.create(stranger.principal, {
          name: 'x',
          role: 'device',
          locationId: tenant.locationId,
        }),
      ),
    ).toEqual(['invalid', null]);
    const { apiKey } = await accounts.apiKeys.create(
      (await enter((await addUser('administrator')).email)).principal,
      { name: 'x', role: 'device' },
    );
    expect(await reasonOf(accounts.apiKeys.revoke(stranger.principal, apiKey.id))).toEqual([
      'not-found',
      null,
    ]);
  });
});

describe('each role at each route', () => {
  const MISSING = '0190c0de-0000-7000-8000-000000000000';
  const bodies: Readonly<Record<string, unknown>> = {
    'post /users': { email: 'new@example.org', displayName: 'New', role: 'billing' },
    'patch /users/:id': { displayName: 'x' },
    'post /api-keys': { name: 'x', role: 'device' },
    'post /devices': { name: 'Pano', aeTitle: 'PANO' },
    'patch /devices/:id': { name: 'Ceph' },
    'post /devices/refusals/dismiss': { peers: 'all' },
    'post /imaging/studies/:id/assign': { patientId: MISSING, reason: 'test' },
    'post /imaging/studies/:id/reject': { reason: 'test' },
    'post /imaging/studies/assign': { studyIds: [MISSING], patientId: MISSING, reason: 'test' },
    'post /imaging/studies/reject': { studyIds: [MISSING], reason: 'test' },
    'post /imaging/conflicts/:id/resolve': { show: 'other', reason: 'test' },
    'post /imaging/patients': { name: 'Doe^Jane' },
    'post /imaging/patients/search': { by: 'name', text: 'doe' },
    'post /imaging/patients/:id/merge': { into: MISSING, reason: 'test' },
    'post /imaging/merges/:id/undo': { reason: 'test' },
  };

  const request = (route: Route, who: Authenticated | null): RawRequest => ({
    params: route.endpoint.path.includes(':id') ? { id: MISSING } : {},
    query: {},
    body: bodies[`${route.endpoint.method} ${route.endpoint.path}`] ?? {},
    bytes: null,
    client,
    cookie: () => undefined,
    principal: who?.principal ?? null,
    user: who?.user ?? null,
  });

  const outcome = async (work: Promise<Reply<unknown>>): Promise<string> => {
    try {
      await work;
      return 'done';
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return error.kind === 'forbidden' || error.kind === 'unauthenticated' || error.kind === 'internal'
        ? error.kind
        : 'done';
    }
  };

  it('opens exactly what its permissions open', async () => {
    const devices = {
      devices: createDeviceService({ database: database.db, forget: () => {} }),
      refusals: createRefusalList({ database: database.db }),
      echo: createDeviceEcho({ database: database.db, echo: () => Promise.reject(new Error('not asked')) }),
      capabilities: createDeviceCapabilities({
        database: database.db,
        capabilities: () => Promise.reject(new Error('not asked')),
      }),
      receiver: () => ({
        aeTitle: 'A',
        hosts: [],
        port: 1,
        tlsPort: null,
        watchDir: null,
        tlsClientCertificate: false,
      }),
    };
    const { withTenant } = database.db;
    const notAsked = () => Promise.reject(new Error('not asked'));
    const pixels = {
      threads: 1,
      decode: notAsked,
      encode: notAsked,
      render: notAsked,
      derive: notAsked,
      placeholder: notAsked,
      recompress: notAsked,
      encodeHtj2k: notAsked,
      decodeHtj2k: notAsked,
      close: notAsked,
    };
    const imaging = imagingRoutes({ withTenant, stores: new Map(), pixels });
    const routes = [...accountsRoutes(accounts), ...devicesRoutes(devices), ...imaging].filter(
      (route) => route.endpoint.access === 'full',
    );
    expect(routes.map((route) => route.endpoint.permission)).not.toContain(undefined);
    const roles: Role[] = [
      'administrator',
      'orthodontist',
      'hygienist',
      'assistant',
      'front-desk',
      'billing',
      'referring-reader',
      'device',
    ];
    expect(new Set<string>(roles)).toEqual(new Set(Object.keys(ROLES)));
    for (const role of roles) {
      const who = await enter((await addUser(role)).email);
      const actual: Record<string, string> = {};
      const expected: Record<string, string> = {};
      for (const route of routes) {
        const name = `${role}: ${route.endpoint.method} ${route.endpoint.path}`;
        const allowed: readonly string[] = ROLES[role];
        expected[name] = allowed.includes(route.endpoint.permission ?? '') ? 'done' : 'forbidden';
        actual[name] = await outcome(route.handle(request(route, who)));
      }
      expect(actual).toEqual(expected);
    }
  });

  it('opens nothing but the doors to get in for nobody', async () => {
    const open = [];
    for (const route of accountsRoutes(accounts)) {
      if ((await outcome(route.handle(request(route, null)))) !== 'unauthenticated')
        open.push(route.endpoint.path);
    }
    const doors = [
      '/auth/options',
      '/auth/login',
      '/auth/forgotten-password',
      '/auth/link',
      '/auth/reset-password',
    ];
    // A refresh without its cookie is refused like every other door.
    expect(open).toEqual(doors);
    expect(
      accountsRoutes(accounts)
        .filter((route) => route.endpoint.access === 'public')
        .map((route) => route.endpoint.path),
    ).toEqual(['/auth/options', '/auth/login', '/auth/refresh', ...doors.slice(2)]);
  });

  it('keeps own accounts to people', async () => {
    const admin = await enter((await addUser('administrator')).email);
    const { key } = await accounts.apiKeys.create(admin.principal, { name: 'x', role: 'device' });
    const machine = await accounts.authenticator.apiKey(key, client);
    const own = accountsRoutes(accounts).filter((route) => route.endpoint.access === 'own');
    const outcomes = await Promise.all(own.map((route) => outcome(route.handle(request(route, machine)))));
    expect(new Set(outcomes)).toEqual(new Set(['forbidden']));
  });
});
