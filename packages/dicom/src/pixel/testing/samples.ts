import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

const ROOT = process.env['ARCHWIRE_SAMPLES'] ?? '';

const walk = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path) : [path];
  });

/** Real files below these folders of the sample collection, by their path in it; none when it is not there. */
export const sampleFiles = (...folders: readonly string[]): readonly string[] =>
  ROOT === ''
    ? []
    : folders
        .flatMap((folder) => walk(join(ROOT, folder)))
        .map((path) => relative(ROOT, path))
        .sort();

export const samplePath = (file: string): string => join(ROOT, file);

export const readSample = (file: string): Buffer => readFileSync(samplePath(file));

/** The collection's own record of the pixels as pydicom and its plug-ins decoded them: file → start of their sha256. */
export function recordedPixels(): ReadonlyMap<string, string> {
  const manifest = join(ROOT, 'manifest.tsv');
  if (ROOT === '' || !existsSync(manifest)) return new Map();
  const rows = readFileSync(manifest, 'utf8').split('\n');
  return new Map(
    rows.flatMap((row) => {
      const [file] = row.split('\t');
      const sha = /pxsha=([0-9a-f]+)/.exec(row)?.[1];
      return file === undefined || sha === undefined ? [] : [[file, sha] as const];
    }),
  );
}
