import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { endProcess } from '../processes/end-process.ts';
import type { Credentials } from './demo-api.ts';
import { echo, type DimseTarget } from './send-over-dimse.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const SignIn = z.object({ email: z.string(), password: z.string() });
const ADMIN_EMAIL = 'admin@archwire.local';

/** The server that the demonstration fills, and how to sign in there. */
export interface DemoServer {
  readonly url: string;
  readonly target: DimseTarget;
  /** `null`: nobody said how; images still go there over DIMSE. */
  readonly credentials: Credentials | null;
  /** Started here, by us; it runs until this terminal ends it. */
  readonly started: boolean;
  /** Ends it when it was started here. */
  stop(): Promise<void>;
}

const answers = (target: DimseTarget): Promise<boolean> =>
  echo(target).then(
    () => true,
    () => false,
  );

/** Devices are let in before pages are. */
const isReady = async (url: string): Promise<boolean> =>
  await fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );

/** The sign-in of a server that an earlier run started lies in its data folder, readable by its owner only. */
const recall = async (file: string): Promise<Credentials | null> => {
  const text = await readFile(file, 'utf8').catch(() => null);
  return text === null ? null : SignIn.parse(JSON.parse(text));
};

const start = async (
  url: string,
  target: DimseTarget,
  dataDir: string,
  { email, password }: Credentials,
): Promise<ChildProcess> => {
  const manifest = z
    .object({ scripts: z.object({ start: z.string() }) })
    .parse(JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')));
  const server = spawn(manifest.scripts.start, {
    shell: true,
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ARCHWIRE_LOG_LEVEL: 'warn',
      ARCHWIRE_REQUIRE_TOTP: 'false',
      ...process.env,
      PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`,
      ARCHWIRE_DATA_DIR: dataDir,
      ARCHWIRE_ADMIN_EMAIL: email,
      ARCHWIRE_ADMIN_PASSWORD: password,
    },
  });
  for (let attempt = 0; attempt < 480; attempt += 1) {
    if (server.exitCode !== null)
      throw new Error(`The server ended with code ${server.exitCode}; its message stands above.`);
    if ((await isReady(url)) && (await answers(target))) return server;
    await sleep(250);
  }
  server.kill();
  throw new Error(`No answer at ${url} and at ${target.host}, port ${target.port}, after two minutes.`);
};

/**
 * Finds the server of the environment's variables, or starts one and leaves it running. Who signs in: the variables
 * ARCHWIRE_ADMIN_EMAIL and ARCHWIRE_ADMIN_PASSWORD, or what an earlier demonstration chose for the server that it started.
 */
export const ensureServer = async (totp: string | undefined): Promise<DemoServer> => {
  const { env } = process;
  const host = env['ARCHWIRE_BIND'] ?? '127.0.0.1';
  const target: DimseTarget = {
    host: host === '0.0.0.0' ? '127.0.0.1' : host,
    port: Number(env['ARCHWIRE_DIMSE_PORT'] ?? '11112'),
    calledAe: env['ARCHWIRE_AE_TITLE'] ?? 'ARCHWIRE',
    callingAe: 'DEMO',
  };
  const url = `http://${target.host}:${env['ARCHWIRE_HTTP_PORT'] ?? '8080'}`;
  const dataDir = resolve(ROOT, env['ARCHWIRE_DATA_DIR'] ?? 'data');
  const file = join(dataDir, 'demo-sign-in.json');
  const email = env['ARCHWIRE_ADMIN_EMAIL'] ?? ADMIN_EMAIL;
  const password = env['ARCHWIRE_ADMIN_PASSWORD'];
  const known = password === undefined ? await recall(file) : { email, password };
  if (await answers(target)) {
    const credentials = known === null ? null : { ...known, ...(totp === undefined ? {} : { totp }) };
    return { url, target, credentials, started: false, stop: async () => {} };
  }
  console.log('No Archwire answers; starting one.');
  const credentials = known ?? { email, password: randomBytes(12).toString('base64url') };
  await mkdir(dataDir, { recursive: true, mode: 0o755 });
  await writeFile(file, JSON.stringify(credentials), { mode: 0o600 });
  const server = await start(url, target, dataDir, credentials);
  return { url, target, credentials, started: true, stop: () => endProcess(server) };
};
