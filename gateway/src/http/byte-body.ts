import { AppError } from '@archwire/contracts';
import type { ByteBody } from '@archwire/practice-server';
import type { AppContext } from './state.ts';

/** A connection that says nothing for so long is gone. */
const SILENCE_MS = 60_000;

/**
 * The body of a request as it comes, no faster than it is read. What nobody read is thrown away behind the answer, so that
 * the connection serves the next request.
 * @throws AppError `unsupported` for another media type.
 */
export const byteBody = (ctx: AppContext): ByteBody => {
  if (ctx.is('application/octet-stream') === false)
    throw new AppError('unsupported', 'Send the body as application/octet-stream.');
  if (ctx.get('content-encoding') !== '')
    throw new AppError('unsupported', 'Send the body without Content-Encoding.');
  ctx.req.setTimeout(SILENCE_MS, () => ctx.req.destroy());
  return {
    chunks: ctx.req.iterator({ destroyOnReturn: false }),
    length: ctx.request.length ?? null,
  };
};
