import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ensurePeers } from './peers.ts';

/** The parts whose answers could depend on the zone of the machine; they run a second time far from UTC. */
const SECOND_ZONE_FOLDERS = ['packages/dicom', 'packages/database', 'packages/archive/src/query'];

const Report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({ name: z.string(), status: z.string(), assertionResults: z.array(z.unknown()) }),
  ),
});

const folder = mkdtempSync(join(tmpdir(), 'archwire-test-'));
let passed = 0;
let failed = 0;

const step = (name: string, command: string, args: readonly string[]): void => {
  const started = Date.now();
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  console.log(`${status === 0 ? 'ok' : 'FAILED'}  ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (status === 0) passed += 1;
  else failed += 1;
};

const vitest = (zone: string, paths: readonly string[]): void => {
  const file = join(folder, `${zone.replaceAll('/', '-')}.json`);
  const { status } = spawnSync(
    'vitest',
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...paths],
    { stdio: 'inherit', env: { ...process.env, TZ: zone } },
  );
  const report = Report.parse(JSON.parse(readFileSync(file, 'utf8')));
  // A file that does not load has no tests of its own to fail, so it is counted here.
  const unloaded = report.testResults.filter(
    (r) => r.status === 'failed' && r.assertionResults.length === 0,
  ).length;
  passed += report.numPassedTests;
  failed += report.numFailedTests + unloaded;
  if (status !== 0 && report.numFailedTests + unloaded === 0) failed += 1;
};

try {
  ensurePeers();
  step('formatting (prettier)', 'prettier', ['--check', '--log-level', 'warn', '.']);
  step('types (tsc)', 'tsc', ['--noEmit']);
  step('types of the app (tsc)', 'tsc', ['--noEmit', '-p', 'practice/web']);
  step('types of the tests of the app (tsc)', 'tsc', ['--noEmit', '-p', 'practice/web/tsconfig.tests.json']);
  step('types of the viewer (tsc)', 'npm', ['--prefix', 'viewer', 'run', '--silent', 'check']);
  step('lint (oxlint)', 'oxlint', ['--deny-warnings']);
  step('unused code and dependencies (knip)', 'knip', []);
  vitest('UTC', process.argv.slice(2));
  if (process.argv.length === 2) vitest('America/St_Johns', SECOND_ZONE_FOLDERS);
} catch (error) {
  failed += 1;
  console.error(error instanceof Error ? error.message : error);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
