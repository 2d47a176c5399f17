import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { conformanceStatement } from './conformance/conformance-statement.ts';

/** Writes docs/conformance.md: `node scripts/conformance.ts`. */
writeFileSync(join(resolve(import.meta.dirname, '..'), 'docs/conformance.md'), conformanceStatement());
