import { AppError } from '@archwire/contracts';
import type { Context } from 'koa';
import type { ByteSource } from './byte-source.ts';
import { begun } from './begun.ts';
import { splitList } from './media-type.ts';

const RANGE = /^bytes=(\d*)-(\d*)$/;

/** One range of a Range header (RFC 9110 section 14.2); `undefined` sends the whole: none, several, or another unit. */
export const parseRange = (
  header: string,
  total: number,
): { readonly offset: number; readonly length: number } | undefined => {
  const [, first, last] = RANGE.exec(header.replace(/\s/g, '')) ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  const unsatisfiable = new AppError(
    'range-not-satisfiable',
    `The object has ${total} bytes. Ask for a range inside it.`,
    {
      details: { length: total },
    },
  );
  if (first === '') {
    const length = Math.min(Number(last), total);
    if (length === 0) throw unsatisfiable;
    return { offset: total - length, length };
  }
  const offset = Number(first);
  const end = last === '' ? total - 1 : Math.min(Number(last), total - 1);
  if (last !== '' && Number(last) < offset) return undefined;
  if (offset >= total) throw unsatisfiable;
  return { offset, length: end - offset + 1 };
};

const strong = (tag: string): string => tag.replace(/^W\//, '');

/** `true` when the client has this version already; the answer is then 304. Sets ETag and caching either way. */
export const isFresh = (ctx: Context, tag: string): boolean => {
  ctx.set('ETag', tag);
  ctx.set('Cache-Control', 'private, no-cache');
  ctx.vary('Accept');
  ctx.vary('Authorization');
  ctx.vary('Cookie');
  // Not `ctx.fresh`: that obeys `Cache-Control: no-cache` of the request, which speaks to caches and not to us.
  const known = splitList(ctx.get('If-None-Match')).map(strong);
  const fresh = known.includes('*') || known.includes(strong(tag));
  ctx.status = fresh ? 304 : 200;
  return fresh;
};

/** Sends bytes as they are read, or the range of them that was asked for: 206 with Content-Range, 416 outside. */
export const sendBytes = async (
  ctx: Context,
  source: ByteSource,
  contentType: string,
  tag: string,
): Promise<void> => {
  ctx.set('Accept-Ranges', 'bytes');
  if (isFresh(ctx, tag)) return;
  const header = ctx.get('Range');
  const condition = ctx.get('If-Range');
  let range: ReturnType<typeof parseRange>;
  try {
    range =
      header !== '' && (condition === '' || condition === tag)
        ? parseRange(header, source.length)
        : undefined;
  } catch (error) {
    ctx.set('Content-Range', `bytes */${source.length}`);
    throw error;
  }
  const { offset, length } = range ?? { offset: 0, length: source.length };
  if (range !== undefined) {
    ctx.status = 206;
    ctx.set('Content-Range', `bytes ${offset}-${offset + length - 1}/${source.length}`);
  }
  ctx.set('Content-Type', contentType);
  ctx.length = length;
  if (ctx.method === 'HEAD') {
    ctx.res.setHeader('Content-Length', length);
    return;
  }
  ctx.body = await begun(source.read({ offset, length }));
  ctx.length = length;
};
