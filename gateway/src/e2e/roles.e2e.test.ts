// Real: the whole server as a process of its own, PostgreSQL, HTTP, one signed-in person of each role. Every operation of the API.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ROLES, type Role } from '@archwire/contracts';
import { apis, type Endpoint } from '@archwire/contracts/api';
import { createTestDatabase, type TestDatabase } from '@archwire/database/testing';
import { ADMINISTRATOR, startArchwire, temporaryFolder, type Archwire } from '@archwire/test-data/processes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sampleRequest } from './testing/sample-request.ts';
import { signedInFetch } from './testing/sign-in.ts';

/** What cannot be made up from the schemas, by slice and name. */
const RULE = { name: 'Panoramics', conditions: { modality: 'PX' }, result: { view: 'panoramic' } };
const EXAMPLES: Readonly<Record<string, Parameters<typeof sampleRequest>[2]>> = {
  'exports.create': { body: { studyId: '019a0000-0000-7000-8000-000000000000', format: 'dicom' } },
  'views.makeRule': { body: { rule: RULE } },
  'views.changeRule': { body: RULE },
  'views.tryRule': { body: { rule: RULE } },
};

const isRole = (name: string): name is Role => name in ROLES;
/** The administrator last: what it may do could change what the others find. */
const roles = Object.keys(ROLES).filter(isRole).toReversed();
const endpoints: readonly (readonly [name: string, endpoint: Endpoint])[] = Object.entries(apis).flatMap(
  ([slice, operations]) =>
    Object.entries(operations).map(([name, endpoint]) => [`${slice}.${name}`, endpoint] as const),
);
const guarded = endpoints.filter(
  ([, { access, permission }]) => access === 'full' && permission !== undefined,
);

let folder: string;
let database: TestDatabase;
let server: Archwire;
beforeAll(async () => {
  folder = await temporaryFolder();
  database = await createTestDatabase();
  server = await startArchwire({
    dataDir: join(folder, 'data'),
    env: { DATABASE_URL: database.ownerUrl, ARCHWIRE_REQUIRE_TOTP: 'false' },
  });
  for (const role of roles) {
    await database.owner(
      `insert into app_user (tenant_id, email, display_name, role, password_hash, must_change_password)
         select tenant_id, $1, $2, $2, password_hash, false from app_user where email = $3`,
      [`${role}@clinic.example`, role, ADMINISTRATOR.email],
    );
  }
});
afterAll(async () => {
  await server.stop();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

it('every operation for complete principals names the permission that it needs, or is open to all of them', () => {
  const open = endpoints.filter(
    ([, { access, permission }]) => access === 'full' && permission === undefined,
  );
  expect(open.map(([name]) => name).toSorted()).toEqual(['live.events']);
});

it.each(roles)('%s may do what the permissions of the role say, and nothing else', async (role) => {
  const who = await signedInFetch(server, {
    email: `${role}@clinic.example`,
    password: ADMINISTRATOR.password,
  });
  const allowed: readonly string[] = ROLES[role];
  const wrong: string[] = [];
  for (const [name, endpoint] of guarded) {
    const { path, init } = sampleRequest(name, endpoint, EXAMPLES[name]);
    const answer = await who(path, init);
    const said = await answer.text();
    const may = allowed.includes(endpoint.permission ?? '');
    const isRight = may ? answer.status !== 403 && answer.status < 500 : answer.status === 403;
    if (!isRight || answer.status === 401 || said.includes('is not as described'))
      wrong.push(`${name}: ${may ? 'may' : 'may not'}, but ${answer.status} ${said.slice(0, 200)}`);
  }
  expect(wrong).toEqual([]);
});

it('nobody gets anything without signing in', async () => {
  const statuses = new Set<number>();
  for (const [name, endpoint] of guarded) {
    const { path, init } = sampleRequest(name, endpoint, EXAMPLES[name]);
    statuses.add((await fetch(`${server.url}${path}`, init)).status);
  }
  // Without a token a request that changes something must also come from our own page.
  expect([...statuses].filter((status) => status !== 401 && status !== 403)).toEqual([]);
});
