import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Context } from 'koa';
import type { ByteSource } from './byte-source.ts';

export interface OutgoingPart {
  /** Media type with its parameters. */
  readonly contentType: string;
  /** Absolute or root-relative URL of the part. */
  readonly location: string;
  readonly open: () => Promise<ByteSource>;
}

async function* body(parts: Iterable<OutgoingPart>, boundary: string): AsyncGenerator<Uint8Array> {
  let before = '';
  for (const part of parts) {
    const source = await part.open();
    yield Buffer.from(
      `${before}--${boundary}\r\nContent-Type: ${part.contentType}\r\nContent-Length: ${source.length}\r\nContent-Location: ${part.location}\r\n\r\n`,
    );
    yield* source.read({ offset: 0, length: source.length });
    before = '\r\n';
  }
  yield Buffer.from(`${before}--${boundary}--\r\n`);
}

/**
 * Answers with multipart/related (RFC 2387), one part open at a time. A part that fails midway ends the connection: a cut
 * body is the only honest sign once the status is sent.
 */
export const sendMultipart = (ctx: Context, type: string, parts: Iterable<OutgoingPart>): void => {
  const boundary = `archwire-${randomUUID()}`;
  ctx.status = 200;
  ctx.vary('Accept');
  ctx.set('Cache-Control', 'private, no-cache');
  ctx.set('Content-Type', `multipart/related; type="${type}"; boundary=${boundary}`);
  if (ctx.method === 'HEAD') return;
  ctx.body = Readable.from(body(parts, boundary), { objectMode: false });
};
