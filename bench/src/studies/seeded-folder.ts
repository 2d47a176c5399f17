import { chmod, mkdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, runAsOwner } from '@archwire/database';
import { startArchwire } from '@archwire/test-data/processes';
import { seedStudies } from './seed.ts';

/** Made once, kept under the temporary folder, and used again by the next run of the same schema. */
export const seededFolder = async (): Promise<string> => {
  const folder = join(tmpdir(), 'archwire-bench-studies');
  const done = join(folder, 'seeded');
  if (await stat(done).catch(() => undefined)) return folder;
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o711);
  const first = await startArchwire({ dataDir: folder });
  await first.stop();
  const database = await openDatabase({ dataDir: folder });
  try {
    await runAsOwner(database.ownerUrl, seedStudies);
  } finally {
    await database.close();
  }
  await writeFile(done, '');
  return folder;
};
