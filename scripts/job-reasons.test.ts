// Real: the sources of the server and of the queue, which must say what the page translates.
import { readFileSync } from 'node:fs';
import { globSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (patterns: readonly string[]): string =>
  globSync([...patterns], { exclude: (name) => name.includes('node_modules/.') })
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');

test('every reason of a failed job that the operations page translates is said somewhere by the server', () => {
  const page = readFileSync('practice/web/src/operations/job-reason.ts', 'utf8');
  const reasons = [...page.matchAll(/^ {2}\['(.+)', '\w+'\],$/gm)].map(([, begins = '']) => begins);
  expect(reasons.length).toBeGreaterThan(10);
  const said = read([
    'packages/{archive,database,runtime}/src/**/*.ts',
    'storage-adapters/src/**/*.ts',
    'practice/server/src/**/*.ts',
    'node_modules/bullmq/dist/cjs/**/*.js',
  ]);
  expect(reasons.filter((begins) => !said.includes(begins))).toEqual([]);
});
