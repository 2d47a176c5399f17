import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { clinicVisits, visitObjects } from './clinic.ts';
import { echo, store, type DimseTarget } from './send-over-dimse.ts';

const root = resolve(import.meta.dirname, '../../..');
const host = process.env['ARCHWIRE_BIND'] ?? '127.0.0.1';
const httpPort = process.env['ARCHWIRE_HTTP_PORT'] ?? '8080';
const target: DimseTarget = {
  host,
  port: Number(process.env['ARCHWIRE_DIMSE_PORT'] ?? '11112'),
  calledAe: process.env['ARCHWIRE_AE_TITLE'] ?? 'ARCHWIRE',
  callingAe: 'DEMO',
};

const answers = (): Promise<boolean> =>
  echo(target).then(
    () => true,
    () => false,
  );

/** Starts a server when none answers, and leaves it running; its own messages show the one-time password. */
const ensureServer = async (): Promise<void> => {
  if (await answers()) return;
  console.log('No Archwire answers; starting one.');
  const server = spawn(process.execPath, [join(root, 'gateway/src/main.ts')], {
    cwd: root,
    stdio: 'inherit',
  });
  for (let attempt = 0; attempt < 240; attempt += 1) {
    if (server.exitCode !== null)
      throw new Error(`The server ended with code ${server.exitCode}; its message stands above.`);
    if (await answers()) return;
    await sleep(250);
  }
  throw new Error(`No answer at ${target.host}:${target.port} after one minute.`);
};

const bar = (done: number, total: number): string =>
  '█'.repeat(Math.round((done / total) * 30)).padEnd(30, '·');

const main = async (): Promise<void> => {
  await ensureServer();
  const visits = clinicVisits();
  const folder = await mkdtemp(join(tmpdir(), 'archwire-demo-'));
  let objects = 0;
  let bytes = 0;
  try {
    for (const [index, visit] of visits.entries()) {
      const files: string[] = [];
      for await (const object of visitObjects(visit)) {
        const file = join(folder, `${files.length}.dcm`);
        await writeFile(file, object);
        files.push(file);
        bytes += object.length;
      }
      await store(target, files);
      objects += files.length;
      process.stdout.write(
        `\r${bar(index + 1, visits.length)} ${index + 1}/${visits.length} studies, ${objects} images, ${(bytes / 1e6).toFixed(0)} MB `,
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  console.log(
    `\nThe clinic is filled. Sign in at http://${host}:${httpPort}/ and open the studies in the viewer.`,
  );
};

await main();
