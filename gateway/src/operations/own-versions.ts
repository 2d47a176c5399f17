import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const App = z.object({ version: z.string() });
const Viewer = z.object({ devDependencies: z.object({ '@ohif/app': z.string() }) });

const manifest = async (name: string): Promise<unknown> =>
  JSON.parse(await readFile(path.join(ROOT, name), 'utf8'));

/** The versions of this program and of the viewer that it serves; `null` where the viewer is not assembled. */
export const ownVersions = async (): Promise<{ readonly app: string; readonly viewer: string | null }> => ({
  app: App.parse(await manifest('package.json')).version,
  viewer: await manifest('viewer/package.json').then(
    (found) => Viewer.parse(found).devDependencies['@ohif/app'],
    () => null,
  ),
});
