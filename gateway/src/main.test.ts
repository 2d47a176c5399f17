// Real: the process of `npm start` with its embedded PostgreSQL, its journal, its ports, its signals; twice on one data folder.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TOTP } from 'otpauth';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';

let folder: string;
const running = new Set<ChildProcess>();
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'archwire-start-'));
  await chmod(folder, 0o755); // PostgreSQL run by root drops to its own user, who must get in
});
afterEach(async () => {
  for (const child of running) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

interface Started {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  readonly output: () => string;
}

const start = (env: Record<string, string> = {}): Started => {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'main.ts')], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      ARCHWIRE_DATA_DIR: path.join(folder, 'data'),
      ARCHWIRE_HTTP_PORT: '0',
      ARCHWIRE_DIMSE_PORT: '0',
      ARCHWIRE_DISK_HEADROOM_MB: '1',
      ...env,
    },
  });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit').then(() => {
    running.delete(child);
    return child.exitCode;
  });
  return { child, exited, output: () => output };
};

const ready = async ({ child, output }: Started) => {
  while (!output().includes('"msg":"ready"')) {
    if (child.exitCode !== null) throw new Error(output());
    await sleep(20);
  }
  const found = (pattern: RegExp): string => pattern.exec(output())?.[1] ?? '';
  return {
    url: found(/Open +(http:\S+)\//),
    dimse: found(/Send DICOM +(ARCHWIRE at 127\.0\.0\.1, port \d+)/),
    email: found(/E-mail +(\S+)/),
    password: found(/Password +(\S+)/),
  };
};

const Body = z.record(z.string(), z.unknown());
const ask = async (
  url: string,
  method: string,
  body?: unknown,
  token?: string,
): Promise<[number, Record<string, unknown>]> => {
  const answer = await fetch(url, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return [answer.status, Body.parse(text === '' || text.startsWith('[') ? {} : JSON.parse(text))];
};

it('starts on nothing, shows the password once, signs in, stops in order, and starts again', async () => {
  const first = start();
  const { url, dimse, email, password } = await ready(first);
  expect(dimse).toMatch(/^ARCHWIRE at 127\.0\.0\.1, port \d+$/);
  expect(email).toBe('admin@archwire.local');
  expect(await ask(`${url}/readyz`, 'GET')).toEqual([
    200,
    { ready: true, parts: { database: 'ok', queue: 'ok', store: 'ok', journal: 'ok', disk: 'ok' } },
  ]);

  const api = `${url}/api/v1/auth`;
  const [, issued] = await ask(`${api}/login`, 'POST', { email, password });
  expect(issued['next']).toBe('change-password');
  const token = String(issued['accessToken']);
  expect((await ask(`${url}/dicomweb/studies`, 'GET', undefined, token))[0]).toBe(403);
  const own = 'my own long password';
  expect(await ask(`${api}/password`, 'POST', { current: password, next: own }, token)).toEqual([204, {}]);
  const [, setup] = await ask(`${api}/totp`, 'POST', undefined, token);
  const totp = new TOTP({ secret: String(setup['secret']) });
  const [confirmation, confirmed] = await ask(
    `${api}/totp/confirm`,
    'POST',
    { code: totp.generate() },
    token,
  );
  expect([confirmation, confirmed['recoveryCodes']]).toEqual([200, expect.any(Array)]);
  expect((await ask(`${url}/dicomweb/studies`, 'GET', undefined, token))[0]).toBeLessThan(300);

  const { child, exited, output } = first;
  child.kill('SIGTERM');
  expect(await exited).toBe(0);
  expect(output()).not.toContain('did not stop');

  const second = start();
  const again = await ready(second);
  expect([again.email, again.password]).toEqual(['', '']);
  expect(second.output()).not.toContain(password);
  const [status, refused] = await ask(`${again.url}/api/v1/auth/login`, 'POST', { email, password: own });
  expect([status, refused['details']]).toEqual([401, { reason: 'totp-required' }]);
});

it('prints every problem of the configuration and exits 78', async () => {
  const { exited, output } = start({ ARCHWIRE_HTTP_PORT: 'eighty', ARCHWIRE_AE_TITLE: 'A\\B' });
  expect(await exited).toBe(78);
  expect(
    output()
      .split('\n')
      .filter((line) => line.startsWith('  - '))
      .map((line) => line.split(':')[0]),
  ).toEqual(['  - ARCHWIRE_HTTP_PORT', '  - ARCHWIRE_AE_TITLE']);
});

it('says in words that a port is taken, and stops what it had started', async () => {
  const first = start({ ARCHWIRE_DATA_DIR: path.join(folder, 'data') });
  const { url } = await ready(first);
  const port = new URL(url).port;
  const second = start({ ARCHWIRE_DATA_DIR: path.join(folder, 'two'), ARCHWIRE_HTTP_PORT: port });
  expect(await second.exited).toBe(1);
  expect(second.output()).toContain(
    `Archwire cannot start: The HTTP port ${port} of 127.0.0.1 cannot be used. Set ARCHWIRE_HTTP_PORT or ARCHWIRE_BIND.`,
  );
});

it('runs only the services it is told to', async () => {
  const started = start({ ARCHWIRE_DATA_DIR: path.join(folder, 'data'), ARCHWIRE_SERVICES: 'dimse,workers' });
  const { url, dimse } = await ready(started);
  expect(url).toBe('');
  const socket = connect(Number(/\d+$/.exec(dimse)?.[0]), '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
});
