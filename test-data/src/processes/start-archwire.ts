import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { endProcess } from './end-process.ts';
import { freePort } from './free-port.ts';
import type { Peer } from './peer.ts';
import { waitFor } from './wait-for.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

/** The first administrator of servers that `startArchwire` starts. */
export const ADMINISTRATOR = {
  email: 'admin@archwire.local',
  password: 'correct horse battery staple',
} as const;

export interface Archwire extends Peer {
  readonly url: string;
  /** Seconds from the start of the process until `/readyz` said yes. */
  readonly secondsToReady: number;
  /** A signed-in request; the sign-in is made once, at the first call. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** The header of that sign-in, for clients of their own. */
  authorization(): Promise<string>;
  /** One value of `/metrics`; 0 when it is not there yet. */
  metric(line: string): Promise<number>;
  /** Everything the server printed so far. */
  output(): string;
  /** Ends the server without a chance to tidy up. */
  kill(): Promise<void>;
}

export interface ArchwireOptions {
  /** The data folder; the same folder again is a second start. */
  readonly dataDir: string;
  /** Further environment variables. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What `npm start` runs. It ends in `exec`, so the shell's process becomes the server's. */
const startCommand = async (): Promise<string> => {
  const manifest: unknown = JSON.parse(await readFile(resolve(ROOT, 'package.json'), 'utf8'));
  const isManifest = (value: unknown): value is { scripts: { start: string } } =>
    typeof value === 'object' && value !== null && 'scripts' in value;
  if (!isManifest(manifest)) throw new Error('package.json has no scripts');
  return manifest.scripts.start;
};

/** The whole server as `npm start` runs it, with its embedded PostgreSQL, on free ports of the loopback address. */
export const startArchwire = async ({ dataDir, env = {} }: ArchwireOptions): Promise<Archwire> => {
  const [dimsePort, httpPort] = [await freePort(), await freePort()];
  await mkdir(dataDir, { recursive: true });
  const started = performance.now();
  const child = spawn(await startCommand(), {
    shell: true,
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PATH: `${resolve(ROOT, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`,
      ARCHWIRE_DATA_DIR: dataDir,
      ARCHWIRE_HTTP_PORT: String(httpPort),
      ARCHWIRE_DIMSE_PORT: String(dimsePort),
      ARCHWIRE_ADMIN_EMAIL: ADMINISTRATOR.email,
      ARCHWIRE_ADMIN_PASSWORD: ADMINISTRATOR.password,
      ARCHWIRE_REQUIRE_TOTP: 'false',
      ARCHWIRE_LOG_LEVEL: 'warn',
      ...env,
    },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  // A process without pages still answers whoever watches it, at the door for other nodes.
  const pages = env['ARCHWIRE_SERVICES']?.split(',').includes('http') ?? true;
  const url = `http://127.0.0.1:${pages ? httpPort : env['ARCHWIRE_NODE_PORT']}`;
  try {
    await waitFor(
      'Archwire ready',
      async () => {
        if (child.exitCode !== null) throw new Error(`Archwire ended with code ${child.exitCode}`);
        return (await fetch(`${url}/readyz`)).ok;
      },
      { everyMs: 10, unless: () => child.exitCode !== null || child.signalCode !== null },
    );
  } catch (error) {
    await endProcess(child);
    throw new Error(`Archwire did not become ready. It printed:\n${output}`, { cause: error });
  }
  const secondsToReady = (performance.now() - started) / 1000;

  let authorization: Promise<string> | undefined;
  const signIn = async (): Promise<string> => {
    const answer = await fetch(`${url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(ADMINISTRATOR),
    });
    const body: unknown = await answer.json();
    if (typeof body !== 'object' || body === null || !('accessToken' in body)) {
      throw new Error(`Sign-in failed with ${answer.status}`);
    }
    return `Bearer ${String(body.accessToken)}`;
  };

  const authorized = (): Promise<string> => (authorization ??= signIn());
  return {
    name: 'Archwire',
    pid: child.pid ?? 0,
    dimsePort,
    calledAe: 'ARCHWIRE',
    url,
    secondsToReady,
    fetch: async (path, init = {}) => {
      const headers = new Headers(init.headers);
      headers.set('authorization', await authorized());
      return await fetch(`${url}${path}`, { ...init, headers });
    },
    authorization: authorized,
    metric: async (line) => {
      const page = await (await fetch(`${url}/metrics`)).text();
      const found = page.split('\n').find((row) => row.startsWith(`${line} `));
      return Number(found?.slice(line.length + 1) ?? 0);
    },
    output: () => output,
    stop: () => endProcess(child),
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
};
