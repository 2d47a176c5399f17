// Real: koa, HTTP over loopback sockets, PostgreSQL 18 (embedded), signed tokens. Stand-ins: the viewer's files and the DICOMweb router.
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { AppError } from '@archwire/contracts';
import type { Endpoint } from '@archwire/contracts/api';
import { liveApi } from '@archwire/contracts/api/live';
import { createTestDatabase, type TestDatabase } from '@archwire/database/testing';
import {
  accountsRoutes,
  createAccounts,
  createDeviceService,
  createRefusalList,
  createSecretBox,
  devicesRoutes,
  ensureFirstAdministrator,
} from '@archwire/practice-server';
import { createLogger, createMetrics } from '@archwire/runtime';
import { Router } from '@koa/router';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { receiverOf } from '../receiver.ts';
import { createLiveHub } from '../live/live-hub.ts';
import { createHttpApp, type HttpAppDeps } from './http-app.ts';
import { type HttpServer, startHttpServer } from './http-server.ts';

const ADMIN = { email: 'ada@example.org', password: 'the password of ada' };
const BUILD = '0123456789abcdef';
const CSP = {
  page: "default-src 'self'; script-src 'self'",
  worker: "script-src 'self' 'unsafe-eval'",
  workers: [`/viewer/${BUILD}/worker.js`],
};

const box = createSecretBox(new Uint8Array(32));
let database: TestDatabase;
let folder: string;
let deps: HttpAppDeps;
const servers: HttpServer[] = [];
const logged: string[] = [];

const json = async (answer: Response): Promise<Record<string, unknown>> =>
  z.record(z.string(), z.unknown()).parse(await answer.json());
const textOf = (value: unknown): string => z.string().parse(value);

const serve = async (change: Partial<HttpAppDeps> = {}): Promise<string> => {
  const app = await createHttpApp({ ...deps, ...change });
  const server = await startHttpServer({ handler: app.callback(), host: '127.0.0.1', port: 0 });
  servers.push(server);
  return `http://127.0.0.1:${server.port}`;
};

beforeAll(async () => {
  database = await createTestDatabase();
  await ensureFirstAdministrator({ database: database.db, ...ADMIN });
  folder = await mkdtemp(path.join(os.tmpdir(), 'archwire-http-'));
  const viewer = path.join(folder, 'viewer');
  await mkdir(path.join(viewer, BUILD), { recursive: true });
  await writeFile(path.join(folder, 'secret.txt'), 'outside');
  await writeFile(path.join(viewer, 'index.html'), '<!doctype html><p>OHIF');
  await writeFile(path.join(viewer, 'csp.json'), JSON.stringify(CSP));
  await writeFile(path.join(viewer, BUILD, 'app.js'), 'app()');
  await writeFile(path.join(viewer, BUILD, 'app.js.gz'), gzipSync('app()'));
  await writeFile(path.join(viewer, BUILD, 'worker.js'), 'work()');
  const accounts = await createAccounts({
    database: database.db,
    box,
    totp: { required: false, exemptEmail: null },
  });
  const deviceParts = {
    devices: createDeviceService({ database: database.db, forget: () => {} }),
    refusals: createRefusalList({ database: database.db }),
    echo: async () => Promise.reject(new Error('nobody is asked here')),
    capabilities: async () => Promise.reject(new Error('nobody is asked here')),
    receiver: receiverOf(
      { aeTitle: 'ARCHWIRE', bind: '10.1.2.3', dimsePort: 104, dimseTls: null, watchDir: null },
      null,
    ),
  };
  const dicomweb = new Router({ prefix: '/dicomweb' });
  dicomweb.get('/studies', (ctx) => {
    ctx.body = [];
  });
  dicomweb.get('/boom', () => {
    throw new Error('Doe^John broke it');
  });
  deps = {
    log: createLogger({ level: 'info', destination: { write: (line) => void logged.push(line) } }),
    metrics: createMetrics(),
    authenticator: accounts.authenticator,
    routes: [...accountsRoutes(accounts), ...devicesRoutes(deviceParts)],
    health: [{ name: 'database', check: () => database.db.ping() }],
    live: createLiveHub(),
    dicomweb,
    pictures: null,
    viewerFolder: viewer,
    webFolder: path.join(folder, 'web'),
    publicUrl: null,
    trustProxy: false,
  };
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

const Described = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        'x-permission': z.string().optional(),
        requestBody: z
          .object({ content: z.object({ 'application/json': z.object({ schema: z.unknown() }) }) })
          .optional(),
      }),
    ),
  ),
});

interface SignedIn {
  readonly token: string;
  readonly access: string;
  readonly refresh: string;
  readonly setCookies: readonly string[];
}
const signIn = async (url: string): Promise<SignedIn> => {
  const answer = await post(`${url}/api/v1/auth/login`, ADMIN);
  const body = await json(answer);
  expect([answer.status, body]).toEqual([
    200,
    { accessToken: body['accessToken'], expiresIn: 900, next: null },
  ]);
  const setCookies = answer.headers.getSetCookie();
  const cookie = (name: string) =>
    setCookies.find((each) => each.startsWith(`${name}=`))?.split(';')[0] ?? '';
  return {
    token: textOf(body['accessToken']),
    access: cookie('archwire_access'),
    refresh: cookie('archwire_refresh'),
    setCookies,
  };
};

/** fetch tidies paths up; a hostile peer does not. */
const raw = async (url: string, request: string): Promise<string> => {
  const { port } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  socket.end(request);
  return await text(socket);
};

describe('answers', () => {
  it('carry the strict headers, and HSTS only where TLS is known', async () => {
    const url = await serve();
    const { headers } = await fetch(`${url}/`);
    expect(
      Object.fromEntries(
        [...headers].filter(([name]) =>
          /^(?:content-sec|x-content|x-frame|referrer|strict|cross|access-control)/.test(name),
        ),
      ),
    ).toEqual({
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o=' 'sha256-gYiS/BvZvRcK27JIXTuwhZ3hs2+VJ1X+2gUlE+farlg='; font-src 'self'; img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
    });
    const secure = await serve({ publicUrl: new URL('https://images.example.org') });
    expect((await fetch(`${secure}/healthz`)).headers.get('strict-transport-security')).toBe(
      'max-age=31536000',
    );
  });

  it('are problems with a message, a kind and the request id', async () => {
    const url = await serve();
    const answer = await fetch(`${url}/api/v1/nothing`);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect([answer.status, await answer.json()]).toEqual([
      404,
      {
        title: 'not-found',
        status: 404,
        detail: 'There is nothing at this address.',
        kind: 'not-found',
        details: {},
        requestId: answer.headers.get('x-request-id'),
      },
    ]);
  });

  it('to our own mistakes tell nothing, and the log no patient', async () => {
    const url = await serve();
    const { token } = await signIn(url);
    const answer = await fetch(`${url}/dicomweb/boom`, { headers: { authorization: `Bearer ${token}` } });
    expect([answer.status, (await json(answer)).detail]).toEqual([
      500,
      'Something went wrong on our side. Try again; if it stays, give the administrator the request id.',
    ]);
    const line = logged.find((each) => each.includes(answer.headers.get('x-request-id') ?? '?'));
    expect(line).toContain('http-app.db.test.ts');
    expect(logged.join('')).not.toContain('Doe');
  });

  it.each([
    ['not JSON', '{"email":', 'application/json', 400],
    ['deep nesting', '['.repeat(30_000), 'application/json', 400],
    ['an array', '[]', 'application/json', 400],
    ['null', 'null', 'application/json', 400],
    ['a prototype', '{"__proto__":{"admin":true},"email":"a","password":"b"}', 'application/json', 400],
    ['an unknown field', '{"email":"a","password":"b","role":"administrator"}', 'application/json', 400],
    ['wrong types', '{"email":{"$ne":null},"password":["x"]}', 'application/json', 400],
    ['another media type', 'email=a', 'application/x-www-form-urlencoded', 415],
    ['too much', JSON.stringify({ email: 'a', password: 'x'.repeat(70_000) }), 'application/json', 413],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'application/json', 400],
  ])('refuse %s', async (_name, body, type, status) => {
    const url = await serve();
    const answer = await fetch(`${url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    expect(answer.status).toBe(status);
    expect((await json(answer)).requestId).toBe(answer.headers.get('x-request-id'));
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('refuse a chunked body that never ends at the limit', async () => {
    const url = await serve();
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const answer = await raw(
      url,
      `POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}${chunk}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('name the methods that exist', async () => {
    const url = await serve();
    const answer = await fetch(`${url}/api/v1/users`, { method: 'PUT' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'HEAD, GET, POST']);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toEqual({
      title: 'method-not-allowed',
      status: 405,
      detail: 'This address knows other methods only. See its Allow header.',
      kind: 'method-not-allowed',
      details: {},
      requestId: answer.headers.get('x-request-id'),
    });
    const unknown = await fetch(`${url}/api/v1/users`, { method: 'PROPFIND' });
    expect([unknown.status, await unknown.json()]).toMatchObject([405, { kind: 'method-not-allowed' }]);
  });
});

describe('credentials', () => {
  it('come as token, key or cookie, each for what it is for', async () => {
    const url = await serve();
    const { token, access, setCookies } = await signIn(url);
    expect(setCookies.map((cookie) => cookie.replace(/=[^;]+/, '='))).toEqual([
      'archwire_refresh=; Path=/api/v1/auth; Max-Age=604800; HttpOnly; SameSite=Strict',
      'archwire_access=; Path=/; Max-Age=900; HttpOnly; SameSite=Strict',
    ]);
    const studies = (headers: Record<string, string>) =>
      fetch(`${url}/dicomweb/studies`, { headers }).then(({ status }) => status);
    const created = await post(
      `${url}/api/v1/api-keys`,
      { name: 'Bridge' },
      { authorization: `Bearer ${token}` },
    );
    const key = textOf((await json(created))['key']);
    expect(created.status).toBe(201);
    expect({
      none: await studies({}),
      token: await studies({ authorization: `Bearer ${token}` }),
      key: await studies({ authorization: `Bearer ${key}` }),
      header: await studies({ 'x-api-key': key }),
      cookie: await studies({ cookie: access }),
      sameSite: await studies({ cookie: access, 'sec-fetch-site': 'same-origin' }),
      crossSite: await studies({ cookie: access, 'sec-fetch-site': 'cross-site' }),
      foreignOrigin: await studies({ cookie: access, origin: 'https://evil.example' }),
      basic: await studies({ authorization: 'Basic YTpi' }),
      wrong: await studies({ authorization: 'Bearer x' }),
    }).toEqual({
      none: 401,
      token: 200,
      key: 200,
      header: 200,
      cookie: 200,
      sameSite: 200,
      crossSite: 403,
      foreignOrigin: 403,
      basic: 401,
      wrong: 401,
    });
    expect((await fetch(`${url}/dicomweb/studies`)).headers.get('www-authenticate')).toBe(
      'Bearer realm="archwire"',
    );
    // A cookie alone changes nothing.
    expect((await post(`${url}/api/v1/auth/sign-out-everywhere`, {}, { cookie: access })).status).toBe(401);
    expect((await post(`${url}/api/v1/auth/login`, ADMIN, { origin: 'https://evil.example' })).status).toBe(
      403,
    );
  });

  it('renew by cookie, and end with it', async () => {
    const url = await serve();
    const { refresh } = await signIn(url);
    const none = await post(`${url}/api/v1/auth/refresh`, {});
    expect([none.status, (await json(none)).details]).toEqual([401, { reason: 'no-session' }]);
    const renewed = await fetch(`${url}/api/v1/auth/refresh`, {
      method: 'POST',
      headers: { cookie: refresh },
    });
    const accessToken = textOf((await json(renewed))['accessToken']);
    expect(renewed.status).toBe(200);
    const out = await fetch(`${url}/api/v1/auth/sign-out`, {
      method: 'POST',
      headers: { authorization: `Bearer ${accessToken}` },
    });
    expect([
      out.status,
      out.headers.getSetCookie().map((cookie) => cookie.split(';').slice(0, 3).join(';')),
    ]).toEqual([
      204,
      ['archwire_refresh=; Path=/api/v1/auth; Max-Age=0', 'archwire_access=; Path=/; Max-Age=0'],
    ]);
    expect(
      (await fetch(`${url}/api/v1/auth/me`, { headers: { authorization: `Bearer ${accessToken}` } })).status,
    ).toBe(401);
  });

  it('are Secure behind TLS', async () => {
    const url = await serve({ publicUrl: new URL('https://images.example.org') });
    const answer = await post(`${url}/api/v1/auth/login`, ADMIN, { origin: 'https://images.example.org' });
    expect(answer.headers.getSetCookie().every((cookie) => cookie.endsWith('; Secure'))).toBe(true);
    expect((await post(`${url}/api/v1/auth/login`, ADMIN, { origin: url })).status).toBe(403);
  });

  it('cannot be guessed without end: per e-mail, known or not, and per address', async () => {
    // A slow machine gives a few tries back while they are spent, so the end is looked for, not counted to.
    const triesUntilLimited = async (ask: () => Promise<Response>): Promise<number> => {
      for (let tries = 0; tries < 200; tries += 1) {
        const { status } = await ask();
        if (status === 429) return tries;
        expect(status).toBe(401);
      }
      return Number.POSITIVE_INFINITY;
    };
    const url = await serve();
    const logins = await triesUntilLimited(() =>
      post(`${url}/api/v1/auth/login`, { email: 'nobody@example.org', password: 'x' }),
    );
    expect([logins >= 30, logins < 60]).toEqual([true, true]);
    const answer = await post(`${url}/api/v1/auth/login`, ADMIN);
    expect([answer.status, Number(answer.headers.get('retry-after')) > 0]).toEqual([429, true]);
    const keys = await serve();
    const keyTries = await triesUntilLimited(() =>
      fetch(`${keys}/dicomweb/studies`, { headers: { 'x-api-key': 'awk_wrong' } }),
    );
    expect([keyTries >= 60, keyTries < 120]).toEqual([true, true]);
  });

  it('believe a proxy only when told to', async () => {
    const [plain, proxied] = [await serve(), await serve({ trustProxy: true })];
    for (const url of [plain, proxied]) {
      await post(`${url}/api/v1/auth/login`, ADMIN, { 'x-forwarded-for': '203.0.113.9' });
    }
    const rows = await database.owner<{ address: string }>(
      'select address from session order by created_at desc limit 2',
    );
    expect(rows.map(({ address }) => address)).toEqual(['203.0.113.9', '127.0.0.1']);
  });
});

describe('open doors', () => {
  it('tell health, readiness with its parts, and metrics without patients', async () => {
    let down = false;
    const url = await serve({
      health: [
        {
          name: 'database',
          check: async () => {
            if (down) throw new AppError('unavailable', 'The database does not answer.');
          },
        },
      ],
    });
    down = true;
    const notReady = await fetch(`${url}/readyz`);
    expect([notReady.status, await notReady.json()]).toEqual([
      503,
      { ready: false, parts: { database: { reason: 'The database does not answer.' } } },
    ]);
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'ok' });
    down = false;
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ ready: true, parts: { database: 'ok' } });
    await fetch(`${url}/dicomweb/studies?PatientName=Doe`);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain('archwire_http_requests_total{method="GET",route="/dicomweb",status="401"}');
    expect(metrics).not.toContain('Doe');
  });

  it('describe every route, with its permission and its schemas', async () => {
    const url = await serve();
    const api = Described.parse(await json(await fetch(`${url}/api/v1/openapi.json`)));
    const described = Object.entries(api.paths).flatMap(([at, methods]) =>
      Object.entries(methods).map(
        ([method, operation]) => `${method} ${at} ${operation['x-permission'] ?? '-'}`,
      ),
    );
    expect(new Set(described)).toEqual(
      new Set(
        [...deps.routes.map(({ endpoint }) => endpoint), liveApi.events].map(
          (route: Endpoint) =>
            `${route.method} /api/v1${route.path.replaceAll(/:(\w+)/g, '{$1}')} ${route.permission ?? '-'}`,
        ),
      ),
    );
    expect(
      api.paths['/api/v1/auth/password']?.['post']?.requestBody?.content['application/json'].schema,
    ).toEqual({
      type: 'object',
      properties: {
        current: { type: 'string', minLength: 1, maxLength: 256 },
        next: { type: 'string', minLength: 12, maxLength: 256 },
      },
      required: ['current', 'next'],
      additionalProperties: false,
    });
  });
});

describe('the viewer', () => {
  it('shows its page to those who signed in and sends others to the door, with study UIDs and nothing else', async () => {
    const url = await serve();
    const { access } = await signIn(url);
    const page = { accept: 'text/html' };
    const away = await fetch(`${url}/viewer/ortho?StudyInstanceUIDs=1.2,1.3&patientName=Doe`, {
      headers: page,
      redirect: 'manual',
    });
    expect([away.status, away.headers.get('location')]).toEqual([
      302,
      `/sign-in?return=${encodeURIComponent('/viewer/ortho?StudyInstanceUIDs=1.2,1.3')}`,
    ]);
    for (const at of ['/viewer/', '/viewer/ortho?StudyInstanceUIDs=1.2']) {
      const shown = await fetch(url + at, { headers: { ...page, cookie: access } });
      expect([
        shown.status,
        shown.headers.get('cache-control'),
        shown.headers.get('content-security-policy'),
        await shown.text(),
      ]).toEqual([200, 'no-cache', CSP.page, '<!doctype html><p>OHIF']);
    }
    expect(
      (
        await fetch(`${url}/viewer/`, {
          headers: { ...page, cookie: 'archwire_access=old' },
          redirect: 'manual',
        })
      ).status,
    ).toBe(302);
    expect((await fetch(`${url}/viewer`, { redirect: 'manual' })).headers.get('location')).toBe('/viewer/');
  });

  it('serves its files compressed, cached for ever, and with the looser policy on workers only', async () => {
    const url = await serve();
    const answer = await fetch(`${url}/viewer/${BUILD}/app.js`, { headers: { 'accept-encoding': 'gzip' } });
    const { headers } = answer;
    expect([
      headers.get('content-encoding'),
      headers.get('cache-control'),
      headers.get('vary'),
      headers.get('content-type'),
      await answer.text(),
    ]).toEqual([
      'gzip',
      'public, max-age=31536000, immutable',
      'Accept-Encoding',
      'text/javascript; charset=utf-8',
      'app()',
    ]);
    const plain = await fetch(`${url}/viewer/${BUILD}/app.js`, {
      headers: { 'accept-encoding': 'identity' },
    });
    expect([plain.headers.get('content-encoding'), plain.headers.get('content-length')]).toEqual([null, '5']);
    const again = await raw(
      url,
      `GET /viewer/${BUILD}/app.js HTTP/1.1\r\nHost: x\r\nConnection: close\r\nIf-None-Match: ${headers.get('etag')}\r\n\r\n`,
    );
    expect(again).toMatch(/^HTTP\/1\.1 304 [\s\S]*\r\n\r\n$/);
    const head = await fetch(`${url}/viewer/${BUILD}/worker.js`, { method: 'HEAD' });
    expect([
      head.status,
      head.headers.get('content-length'),
      head.headers.get('content-security-policy'),
    ]).toEqual([200, '6', CSP.worker]);
    expect((await fetch(`${url}/viewer/${BUILD}/missing.js`)).status).toBe(404);
    expect((await fetch(`${url}/viewer/csp.json`)).status).toBe(404);
  });

  it.each([
    '/viewer/../secret.txt',
    '/viewer/%2e%2e/secret.txt',
    '/viewer/..%2fsecret.txt',
    '/viewer/%00',
    '/assets/../http-app.ts',
    '/assets/..%5c..%5cmain.ts',
    '//etc/passwd',
    '/viewer/%ff',
    '/api/v1/users/%ff',
  ])('leads nowhere outside: %s', async (at) => {
    const url = await serve();
    const answer = await raw(url, `GET ${at} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])).toBeGreaterThanOrEqual(400);
    expect(Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])).toBeLessThan(500);
    expect(answer).not.toContain('outside');
  });

  it('says when it was not built', async () => {
    const url = await serve({ viewerFolder: path.join(folder, 'nothing') });
    const answer = await fetch(`${url}/viewer/`);
    expect([answer.status, (await json(answer)).detail]).toEqual([
      404,
      'The viewer is not built here. Run "npm ci" again on the server.',
    ]);
  });
});

it('gives the place of a port in use in words', async () => {
  const url = await serve();
  const port = Number(new URL(url).port);
  await expect(startHttpServer({ handler: () => {}, host: '127.0.0.1', port })).rejects.toThrow(
    `The HTTP port ${port} of 127.0.0.1 cannot be used. Set ARCHWIRE_HTTP_PORT or ARCHWIRE_BIND.`,
  );
});

describe('a stream of events', () => {
  it('ends when the token that opened it has expired, and opens again with a renewed one', async () => {
    let now = Date.now();
    const accounts = await createAccounts({
      database: database.db,
      box,
      totp: { required: false, exemptEmail: null },
      clock: () => new Date(now),
    });
    const url = await serve({
      authenticator: accounts.authenticator,
      routes: accountsRoutes(accounts),
      live: createLiveHub(),
    });
    const { token, refresh } = await signIn(url);
    const listen = (bearer: string) =>
      fetch(`${url}/api/v1/events`, { headers: { authorization: `Bearer ${bearer}` } });
    const stream = await listen(token);
    expect([stream.status, stream.headers.get('content-type')]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
    ]);
    now += 16 * 60_000;
    // The next heartbeat asks whether it may go on; a browser then comes back by itself, with a renewed token.
    expect(await stream.text()).toContain('event: hello');
    expect((await listen(token)).status).toBe(401);
    const renewed = await json(await post(`${url}/api/v1/auth/refresh`, {}, { cookie: refresh }));
    const again = await listen(textOf(renewed['accessToken']));
    expect(again.status).toBe(200);
    await again.body?.cancel();
  }, 120_000);
});
