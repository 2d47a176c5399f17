import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { CONFIG_VARIABLES } from '../packages/runtime/src/config.ts';

const readme = readFileSync(resolve(import.meta.dirname, '../README.md'), 'utf8');

it('names in its configuration table exactly the variables that the server reads', () => {
  const [, section = ''] = readme.split(/^## Configuration$/m);
  const [table = ''] = section.split(/^## /m);
  const named = [...table.matchAll(/^\| *`([A-Z][A-Z0-9_]*)`/gm)].map(([, name]) => name);
  expect(new Set(named)).toEqual(new Set(CONFIG_VARIABLES));
  expect(named.length).toBe(CONFIG_VARIABLES.length);
});
