import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { AppContext } from './state.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.gif': 'image/gif',
};
const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;
/** A name, or a folder, that carries a hash of the content. */
const HASHED = /(?:^|[./-])[0-9a-f]{16,}(?:[./]|$)/;

interface StaticFile {
  readonly file: string;
  readonly size: number;
  readonly etag: string;
  readonly type: string;
  readonly immutable: boolean;
  readonly encoded: ReadonlyMap<string, { readonly file: string; readonly size: number }>;
}

export interface StaticFiles {
  /** Answers with the file of this name (slashes inside, none before); `false` when there is no such file. */
  send(ctx: AppContext, name: string): boolean;
}

/**
 * The files of a folder, listed once: a name that is not on the list does not exist, so no path can lead out of the
 * folder. Files with a hash in the name are cached for ever, others asked for again; `.br` and `.gz` beside a file are
 * sent to those who accept them.
 */
export const openStaticFiles = async (folder: string): Promise<StaticFiles> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = new Map<string, number>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    sizes.set(path.relative(folder, file).replaceAll(path.sep, '/'), (await stat(file)).size);
  }
  const files = new Map<string, StaticFile>();
  for (const [name, size] of sizes) {
    const type = TYPES[path.extname(name)];
    if (type === undefined) continue;
    const immutable = HASHED.test(name);
    const encoded = ENCODINGS.flatMap(([encoding, suffix]) => {
      const encodedSize = sizes.get(name + suffix);
      return encodedSize === undefined
        ? []
        : [[encoding, { file: path.join(folder, name + suffix), size: encodedSize }] as const];
    });
    const file = path.join(folder, name);
    const digest = createHash('sha256').update(immutable ? `${name} ${size}` : await readFile(file));
    files.set(name, {
      file,
      size,
      type,
      immutable,
      encoded: new Map(encoded),
      etag: `"${digest.digest('base64url').slice(0, 22)}"`,
    });
  }

  return {
    send: (ctx, name) => {
      const found = files.get(name);
      if (found === undefined) return false;
      const wanted =
        found.encoded.size === 0 ? false : ctx.acceptsEncodings([...found.encoded.keys(), 'identity']);
      const encoding = wanted === false || wanted === 'identity' ? undefined : wanted;
      const body = (encoding === undefined ? undefined : found.encoded.get(encoding)) ?? found;
      ctx.status = 200;
      ctx.set('Cache-Control', found.immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
      ctx.set('ETag', found.etag);
      if (found.encoded.size > 0) ctx.vary('Accept-Encoding');
      if (ctx.fresh) {
        ctx.status = 304;
        return true;
      }
      ctx.set('Content-Type', found.type);
      if (body !== found && encoding !== undefined) ctx.set('Content-Encoding', encoding);
      ctx.length = body.size;
      ctx.body = ctx.method === 'HEAD' ? null : createReadStream(body.file);
      if (ctx.method === 'HEAD') {
        ctx.status = 200;
        ctx.length = body.size;
      }
      return true;
    },
  };
};
