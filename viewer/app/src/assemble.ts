// Builds viewer/dist from the published @ohif/app and our own modules. Run by this project's postinstall.
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { build, transform, version as esbuildVersion } from 'esbuild';
import { viewerCsp } from './csp.ts';
import { indexHtml } from './index-html.ts';
import { LOGO_SVG } from './logo.ts';
import { assertPatched, ohifPatches, patchText } from './patch-ohif.ts';
import { EXTENSION_ORTHO, MODE_ORTHO, VIEWER_BASE } from './paths.ts';

const OHIF_VERSION = '3.13.2';
const TARGET = 'es2022';
const project = path.resolve(import.meta.dirname, '../..');
const ohif = path.join(project, 'node_modules/@ohif/app');
const dist = path.join(project, 'dist');
// OHIF brings a React of its own, of which this project installs an empty package; ours is the one of `packages/ui`.
const REACT = Object.fromEntries(
  ['react', 'react-dom'].map((name) => [name, path.resolve(project, '../node_modules', name)]),
);
const compress = promisify(gzip);

const MODULES = [
  { specifier: EXTENSION_ORTHO, name: 'extension-ortho', entry: 'extension-ortho/src/index.ts' },
  { specifier: MODE_ORTHO, name: 'mode-ortho', entry: 'mode-ortho/src/index.ts' },
];

// The dicom-image-loader's worker and the named ones; only these scripts run as workers.
const WORKER = /^(?:8097|compute|interpolation|histogram-worker|polySeg)\.bundle\./;
// Only the flat bundles: ort, microscopy, icons and the service worker (which names a CDN) stay behind.
const KEPT = /^(?:.+\.bundle(?:\.[0-9a-f]{16})?\.(?:js|css)|\d+\.css|[0-9a-f]{16}\.(?:wasm|woff2))$/;

async function bundleOurs(
  entry: string,
  define: Record<string, string>,
  format: 'esm' | 'iife',
): Promise<{ readonly js: Buffer; readonly css: Buffer | undefined }> {
  const result = await build({
    absWorkingDir: project,
    entryPoints: [entry],
    outdir: 'out',
    bundle: true,
    minify: true,
    write: false,
    format,
    jsx: 'automatic',
    alias: REACT,
    target: TARGET,
    define: { 'process.env.NODE_ENV': '"production"', ...define },
    legalComments: 'none',
  });
  const outputOf = (extension: string): Buffer | undefined => {
    const output = result.outputFiles.find(({ path: name }) => name.endsWith(extension));
    return output === undefined ? undefined : Buffer.from(output.contents);
  };
  const js = outputOf('.js');
  if (js === undefined) throw new Error(`esbuild made nothing of ${entry}`);
  return { js, css: outputOf('.css') };
}

/** Our modules by file name, and their style sheets. */
async function ourFiles(): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const { name, entry } of MODULES) {
    const { js, css } = await bundleOurs(entry, {}, 'esm');
    files.set(`${name}.js`, js);
    if (css !== undefined) files.set(`${name}.css`, css);
  }
  return files;
}

/** OHIF's own files as they will be served, minified; a change in the pinned build throws. */
async function ohifFiles(assets: string): Promise<Map<string, Buffer>> {
  const manifest: unknown = JSON.parse(await readFile(path.join(ohif, 'package.json'), 'utf8'));
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : '';
  if (version !== OHIF_VERSION)
    throw new Error(`Expected @ohif/app ${OHIF_VERSION}, found ${String(version)}`);

  const patches = ohifPatches(assets);
  const found = new Map<string, number>();
  const names = (await readdir(path.join(ohif, 'dist'))).filter((name) => KEPT.test(name)).sort();
  const files = await Promise.all(
    names.map(async (name): Promise<[string, Buffer]> => {
      const bytes = await readFile(path.join(ohif, 'dist', name));
      const loader = name.endsWith('.js') ? 'js' : name.endsWith('.css') ? 'css' : undefined;
      if (loader === undefined) return [name, bytes];
      const text = patchText(bytes.toString('utf8'), patches, found);
      const small = await transform(text, {
        loader,
        minify: true,
        target: loader === 'js' ? TARGET : 'chrome111',
        legalComments: 'inline',
        logLevel: 'error',
      });
      return [name, Buffer.from(small.code)];
    }),
  );
  assertPatched(patches, found);
  return new Map(files);
}

/** Changes whenever anything that is served could: the folder it names may be cached for ever. */
async function buildId(ours: ReadonlyMap<string, Buffer>): Promise<string> {
  const hash = createHash('sha256').update(`${OHIF_VERSION} ${esbuildVersion}`);
  for (const [name, bytes] of ours) hash.update(name).update(bytes);
  for (const name of (await readdir(path.join(project, 'app/src'))).sort()) {
    if (!/(?<!\.test)\.ts$/.test(name)) continue;
    hash.update(name).update(await readFile(path.join(project, 'app/src', name)));
  }
  return hash.digest('hex').slice(0, 16);
}

async function assemble(): Promise<void> {
  const ours = await ourFiles();
  const id = await buildId(ours);
  const assets = `${VIEWER_BASE}${id}/`;
  const files = await ohifFiles(assets);
  const appBundle = [...files.keys()].find((name) => /^app\.bundle\.[0-9a-f]+\.js$/.test(name));
  if (appBundle === undefined) throw new Error('OHIF has no entry bundle');

  const addresses: Record<string, string> = {};
  for (const [name, bytes] of ours) files.set(name, bytes);
  for (const { specifier, name } of MODULES) addresses[specifier] = `${assets}${name}.js`;
  const define = { ARCHWIRE_MODULES: JSON.stringify(addresses) };
  files.set('app-config.js', (await bundleOurs('app/src/app-config.ts', define, 'iife')).js);
  files.set('archwire.svg', Buffer.from(LOGO_SVG));

  const workers = [...files.keys()].filter((name) => WORKER.test(name)).map((name) => assets + name);
  const csp = `${JSON.stringify(viewerCsp(workers), null, 2)}\n`;

  // Built aside and renamed, so that a server that is running never sees half of it.
  const next = path.join(project, '.cache/dist');
  await rm(next, { recursive: true, force: true });
  await mkdir(path.join(next, id), { recursive: true });
  await Promise.all(
    [...files].map(async ([name, bytes]) => {
      const target = path.join(next, id, name);
      await writeFile(target, bytes);
      if (bytes.length < 1024 || name.endsWith('.woff2')) return;
      await writeFile(`${target}.gz`, await compress(bytes, { level: constants.Z_BEST_COMPRESSION }));
    }),
  );
  await writeFile(path.join(next, 'index.html'), indexHtml(assets, appBundle));
  await writeFile(path.join(next, 'csp.json'), csp);
  await cp(path.join(project, 'app/OHIF-LICENSE.txt'), path.join(next, 'OHIF-LICENSE.txt'));
  await rm(dist, { recursive: true, force: true });
  await rename(next, dist);
}

// `npm ci --dry-run` runs this script too, perhaps without the package being there.
if (process.env['npm_config_dry_run'] !== 'true') await assemble();
