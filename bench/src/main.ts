import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { app } from './app/app.ts';
import { dimse } from './dimse/dimse.ts';
import { imaging } from './imaging/imaging.ts';
import { ingest } from './ingest/ingest.ts';
import { studies } from './studies/studies.ts';

const BENCHMARKS = { app, dimse, imaging, ingest, studies };

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } });
const [name] = positionals;
const benchmark = Object.entries(BENCHMARKS).find(([key]) => key === name)?.[1];
if (benchmark === undefined) {
  console.error(
    `Usage: npm run bench -- NAME [--json FILE], with NAME one of: ${Object.keys(BENCHMARKS).join(', ')}`,
  );
  process.exitCode = 2;
} else {
  const peers = spawnSync(process.execPath, [join(import.meta.dirname, '../../scripts/install-peers.ts')], {
    stdio: 'inherit',
  });
  if (peers.status !== 0)
    throw new Error('The peers to compare with could not be installed; the message stands above.');
  const { table, figures } = await benchmark();
  console.log(table);
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(figures, null, 2)}\n`);
}
