import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { boundaryViolations } from './boundaries.ts';

const root = resolve(import.meta.dirname, '..');

describe('the floors of the house (DESIGN section 2)', () => {
  it('hold in every manifest and every import', () => {
    expect(boundaryViolations(root)).toEqual([]);
  });

  it.each([
    [
      'an import that goes up',
      'packages/dicom/src/planted.ts',
      "import { x } from '@archwire/archive';",
      '@archwire/archive (packages/archive)',
    ],
    [
      'a type import that goes up',
      'packages/contracts/src/planted.ts',
      "import type { x } from '@archwire/dicom';",
      '@archwire/dicom (packages/dicom)',
    ],
    [
      'a dynamic import that goes up',
      'packages/runtime/src/planted.ts',
      "const x = await import('@archwire/database');",
      '@archwire/database (packages/database)',
    ],
    [
      'a re-export that goes up',
      'storage-adapters/src/planted.ts',
      "export * from '@archwire/runtime';",
      '@archwire/runtime (packages/runtime)',
    ],
    [
      'a relative path out of the folder',
      'workers/src/planted.ts',
      "import { x } from '../../gateway/src/x.ts';",
      '../../gateway/src/x.ts (gateway)',
    ],
    [
      'the gateway using workers outside compose.ts',
      'gateway/src/planted.ts',
      "import { x } from '@archwire/workers';",
      '@archwire/workers (workers)',
    ],
  ])('a planted violation is seen: %s', (_name, file, source, specifier) => {
    expect(boundaryViolations(root, { [file]: source })).toContain(`${file} may not import ${specifier}`);
  });

  it('a planted foreign package is seen', () => {
    expect(
      boundaryViolations(root, { 'packages/archive/src/planted.ts': "import sharp from 'sharp';" }),
    ).toEqual([
      'packages/archive/src/planted.ts may not import sharp; its only place is packages/dicom, test-data',
    ]);
  });

  it('a planted process.env is seen', () => {
    expect(
      boundaryViolations(root, { 'gateway/src/planted.ts': 'export const x = process.env.HOME;' }),
    ).toEqual(['gateway/src/planted.ts reads process.env; only packages/runtime may']);
  });
});
