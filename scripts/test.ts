import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { ensurePeers } from './peers.ts';

/** The parts whose answers could depend on the zone of the machine; they run a second time far from UTC. */
const SECOND_ZONE_FOLDERS = ['packages/dicom', 'packages/database', 'packages/archive/src/query'];

/** Of those, what knows no time of day: pixels, and the shape of the schema. */
const SAME_IN_EVERY_ZONE = [
  'packages/dicom/src/{pixel,recompress,transcode,encapsulate}/**',
  'packages/database/src/schema/**',
];

const Report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

const folder = mkdtempSync(join(tmpdir(), 'archwire-test-'));
let passed = 0;
let failed = 0;
/** Said again under everything else, so that the end of a long log tells what is wrong. */
const failures: string[] = [];

const step = (name: string, command: string, args: readonly string[]): void => {
  const started = Date.now();
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  console.log(`${status === 0 ? 'ok' : 'FAILED'}  ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (status === 0) passed += 1;
  else {
    failed += 1;
    failures.push(name);
  }
};

const vitest = (zone: string, paths: readonly string[], without: readonly string[] = []): void => {
  const file = join(folder, `${zone.replaceAll('/', '-')}.json`);
  const { status } = spawnSync(
    'vitest',
    [
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
      ...without.map((pattern) => `--exclude=${pattern}`),
      ...paths,
    ],
    { stdio: 'inherit', env: { ...process.env, TZ: zone } },
  );
  const report = Report.parse(JSON.parse(readFileSync(file, 'utf8')));
  // A file that does not load has no tests of its own to fail, so it is counted here.
  const unloaded = report.testResults.filter(
    (r) => r.status === 'failed' && r.assertionResults.length === 0,
  ).length;
  for (const file of report.testResults) {
    const path = relative(process.cwd(), file.name);
    const tests = file.assertionResults.filter((test) => test.status === 'failed');
    if (file.status === 'failed' && tests.length === 0) failures.push(`${path}: ${file.message ?? ''}`);
    for (const test of tests) {
      failures.push(
        `${path}: ${test.fullName} (${zone})\n${(test.failureMessages ?? []).join('\n').slice(0, 1500)}`,
      );
    }
  }
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
  if (process.argv.length === 2) vitest('America/St_Johns', SECOND_ZONE_FOLDERS, SAME_IN_EVERY_ZONE);
} catch (error) {
  failed += 1;
  failures.push(error instanceof Error ? error.message : String(error));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

for (const failure of failures) console.log(`FAILED  ${failure}\n`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
