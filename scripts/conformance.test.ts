// Real: the tables of the program. docs/conformance.md is what they say.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { characterSets } from './conformance/character-sets.ts';
import { conformanceStatement } from './conformance/conformance-statement.ts';

const statement = readFileSync(join(resolve(import.meta.dirname, '..'), 'docs/conformance.md'), 'utf8');

it('docs/conformance.md is what the code says; after a change of its tables run node scripts/conformance.ts', () => {
  expect(statement).toBe(conformanceStatement());
});

it('names what a peer looks for: roles, classes, syntaxes, attributes, statuses, character sets', () => {
  for (const words of [
    '1.2.840.10008.5.1.4.1.2.2.1',
    'DigitalIntraOralXRayImageStorageForPresentation',
    'JPEGLosslessSV1',
    'StudyInstanceUID (unique key)',
    'ISO_IR 192',
    'rejected-permanent',
  ])
    expect(statement).toContain(words);
  expect(characterSets().every(([, , read, written]) => read === 'yes' && written === 'yes')).toBe(true);
});
