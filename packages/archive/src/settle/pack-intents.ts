import { mkdir, readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

const PackIntent = z.object({ tenantId: z.uuid(), seriesId: z.uuid(), store: z.string(), key: z.string() });
export type PackIntent = z.infer<typeof PackIntent>;

/**
 * Says which object is about to be made, before it is, in a file of this node. An object store cannot be asked for
 * what nobody refers to; this list can.
 */
export interface PackIntents {
  add(packId: string, intent: PackIntent): Promise<void>;
  remove(packId: string): Promise<void>;
  list(): Promise<readonly { readonly packId: string; readonly intent: PackIntent }[]>;
}

export const createPackIntents = async (folder: string): Promise<PackIntents> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const pathOf = (packId: string): string => join(folder, `${packId}.json`);
  return {
    add: (packId, intent) =>
      writeFile(pathOf(packId), JSON.stringify(intent), { flag: 'wx', mode: 0o600, flush: true }),
    remove: (packId) => unlink(pathOf(packId)),
    async list() {
      const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
      const found: { packId: string; intent: PackIntent }[] = [];
      for (const name of names) {
        const packId = name.slice(0, -'.json'.length);
        try {
          found.push({
            packId,
            intent: PackIntent.parse(JSON.parse(await readFile(join(folder, name), 'utf8'))),
          });
        } catch {
          // Torn while it was written: its object was never begun.
          await unlink(join(folder, name));
        }
      }
      return found;
    },
  };
};
