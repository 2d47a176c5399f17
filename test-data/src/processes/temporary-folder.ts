import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder that other users can enter: as root, the embedded PostgreSQL runs as a user of its own. */
export const temporaryFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'archwire-'));
  await chmod(folder, 0o711);
  return folder;
};
