// Real: the whole server as `npm start` runs it, a PostgreSQL of the test's own that is stopped and started, DCMTK's storescu, HTTP streams over loopback sockets.
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { startStoppablePostgres, type StoppablePostgres } from '@archwire/database/testing';
import { type Archwire, startArchwire, temporaryFolder, waitFor } from '@archwire/test-data/processes';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { storescu } from '../e2e/testing/dcmtk.ts';
import { smallObject } from '../e2e/testing/small-object.ts';

const CLIENTS = 300;
let folder: string;
let postgres: StoppablePostgres;
let server: Archwire;
let token: string;
const streams: Stream[] = [];

interface Stream {
  /** Everything that came so far. */
  text(): string;
  /** When the first event of this kind came; `undefined` before. */
  at(kind: string): number | undefined;
  readonly ended: Promise<unknown>;
  readonly request: http.ClientRequest;
  readonly response: http.IncomingMessage;
}

const login = async (): Promise<string> => {
  const answer = await server.fetch('/api/v1/auth/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'admin@archwire.local', password: 'correct horse battery staple' }),
  });
  const body: unknown = await answer.json();
  return typeof body === 'object' && body !== null && 'accessToken' in body ? String(body.accessToken) : '';
};

const agent = new http.Agent({ keepAlive: false, maxSockets: Infinity });
const listen = async (
  options: { readonly after?: string; readonly bearer?: string } = {},
): Promise<Stream> => {
  const request = http.get(
    `${server.url}/api/v1/events${options.after === undefined ? '' : `?after=${options.after}`}`,
    { agent, headers: { authorization: `Bearer ${options.bearer ?? token}` } },
  );
  const [response] = await once(request, 'response');
  if (!(response instanceof http.IncomingMessage)) throw new Error('no response');
  expect([response.statusCode, response.headers['content-type']]).toEqual([
    200,
    'text/event-stream; charset=utf-8',
  ]);
  let text = '';
  const seen = new Map<string, number>();
  response.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    for (const [, kind = ''] of chunk.toString().matchAll(/"kind":"([^"]+)"/g)) {
      if (!seen.has(kind)) seen.set(kind, performance.now());
    }
  });
  response.on('error', () => {});
  const stream = {
    text: () => text,
    at: (kind: string) => seen.get(kind),
    ended: new Promise((resolve) => response.once('close', resolve)),
    request,
    response,
  };
  streams.push(stream);
  return stream;
};
const send = async (name: string, from = 1, to = from) => {
  const files: string[] = [];
  for (let number = from; number <= to; number += 1) {
    const file = path.join(folder, `${name}-${number}.dcm`);
    await writeFile(file, smallObject(name, number).bytes);
    files.push(file);
  }
  expect(await storescu(server, files)).toEqual(files);
};

beforeAll(async () => {
  folder = await temporaryFolder();
  postgres = await startStoppablePostgres(folder);
  server = await startArchwire({
    dataDir: path.join(folder, 'data'),
    env: { DATABASE_URL: postgres.ownerUrl },
  });
  token = await login();
});
afterEach(() => {
  for (const { request } of streams.splice(0)) request.destroy();
});
afterAll(async () => {
  await server.stop();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

it('tells open pages of an image that came over DIMSE: ids, and no word of the patient', async () => {
  const stream = await listen();
  await send('live-one');
  await waitFor('the study', async () => stream.at('study.changed') !== undefined);
  await waitFor('its pictures', async () => stream.at('derivative.made') !== undefined);
  expect(stream.text()).toMatch(
    /^data: \{"kind":"study\.changed","studyId":"[\da-f-]{36}","patientId":"[\da-f-]{36}"\}$/m,
  );
  expect(stream.text()).not.toMatch(/Small|live-one|2010/);
});

it('goes on where a stream broke off', async () => {
  const stream = await listen();
  await send('live-two');
  await waitFor('the study', async () => stream.at('study.changed') !== undefined);
  const id = [...stream.text().matchAll(/^id: (\S+)$/gm)].at(-1)?.[1] ?? '';
  stream.request.destroy();
  await send('live-two', 2);
  await waitFor('the index has it', async () => {
    const again = await listen({ after: id });
    await waitFor('hello', async () => again.text().includes('event: hello'), { seconds: 5 });
    return again.text().includes('study.changed') && !again.text().includes('event: resync');
  });
  const stranger = await listen({ after: 'of-another-server.7' });
  await waitFor('resync', async () => stranger.text().includes('event: resync'));
});

it('refuses who is not signed in, and foreign pages', async () => {
  const status = async (headers: Record<string, string>) =>
    (await fetch(`${server.url}/api/v1/events`, { headers })).status;
  expect([
    await status({}),
    await status({ authorization: 'Bearer nonsense' }),
    await status({ cookie: `archwire_access=${token}`, 'sec-fetch-site': 'cross-site' }),
  ]).toEqual([401, 401, 403]);
});

it('ends what a session had open as soon as the session ends', async () => {
  const bearer = await login();
  const [mine, others] = [await listen({ bearer }), await listen()];
  await waitFor('both are open', async () => mine.text() !== '' && others.text() !== '');
  await fetch(`${server.url}/api/v1/auth/sign-out`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: '{}',
  });
  await mine.ended;
  expect(mine.text()).toContain('event: end');
  expect(others.response.closed).toBe(false);
});

it('carries hundreds of clients while images come, and its memory does not grow with them', async () => {
  // Of one session only twenty streams live: as many sessions as in a group of clinics.
  const bearers = await Promise.all(Array.from({ length: CLIENTS / 20 }, () => login()));
  const many = await Promise.all(
    Array.from({ length: CLIENTS }, (_, at) => listen({ bearer: bearers[at % bearers.length] ?? token })),
  );
  expect(await server.metric('archwire_live_clients')).toBe(CLIENTS);
  await send('live-many', 1, 100);
  await waitFor('everybody heard', async () =>
    many.every((stream) => stream.at('study.changed') !== undefined),
  );
  const before = await server.metric('process_resident_memory_bytes');
  await send('live-many', 101, 400);
  const after = await server.metric('process_resident_memory_bytes');
  expect(after - before).toBeLessThan(48 * 1024 * 1024);
  for (const { request } of many) request.destroy();
  await waitFor('all are gone', async () => (await server.metric('archwire_live_clients')) === 0);
}, 240_000);

it('outlives a PostgreSQL that goes and comes: streams stay open, and are told to ask again', async () => {
  const stream = await listen();
  await waitFor('it is open', async () => stream.text() !== '');
  await postgres.stop();
  await postgres.start();
  await waitFor('resync', async () => stream.text().includes('event: resync'));
  await send('live-after');
  await waitFor('the study', async () => stream.at('study.changed') !== undefined);
});

it('lets the server stop at once, however many listen', async () => {
  const many = await Promise.all(Array.from({ length: 15 }, () => listen()));
  await server.stop();
  await Promise.all(many.map(({ ended }) => ended));
  // What had to be cut, after ten seconds, has no end.
  expect(many.map(({ response }) => response.complete)).toEqual(many.map(() => true));
});
