import { randomUUID } from 'node:crypto';
import type { Context } from 'koa';
import { begun } from './begun.ts';
import type { ByteSource } from './byte-source.ts';

export interface OutgoingPart {
  /** Media type with its parameters. */
  readonly contentType: string;
  /** Absolute or root-relative URL of the part. */
  readonly location: string;
  /** Bytes of the part, when they are known before it is opened. */
  readonly length?: number;
  readonly open: () => Promise<ByteSource>;
}

/** Everything of a part that stands before its bytes; viewers look for `Content-Type:` in this spelling. */
const partHead = (
  { contentType, location }: OutgoingPart,
  length: number,
  boundary: string,
  first: boolean,
): Buffer =>
  Buffer.from(
    `${first ? '' : '\r\n'}--${boundary}\r\nContent-Type: ${contentType}\r\nContent-Length: ${length}\r\nContent-Location: ${location}\r\n\r\n`,
  );

const tail = (boundary: string): Buffer => Buffer.from(`\r\n--${boundary}--\r\n`);

/** The length of the whole body, when every part says its own. */
const totalLength = (parts: readonly OutgoingPart[], boundary: string): number | undefined => {
  let total = tail(boundary).length;
  for (const [at, part] of parts.entries()) {
    if (part.length === undefined) return undefined;
    total += partHead(part, part.length, boundary, at === 0).length + part.length;
  }
  return total;
};

async function* body(parts: readonly OutgoingPart[], boundary: string): AsyncGenerator<Uint8Array> {
  for (const [at, part] of parts.entries()) {
    const source = await part.open();
    yield partHead(part, source.length, boundary, at === 0);
    yield* source.read({ offset: 0, length: source.length });
  }
  yield tail(boundary);
}

/**
 * Answers with multipart/related (RFC 2387), one part open at a time; at least one part. A part that fails midway ends the
 * connection: a cut body is the only honest sign once the status is sent.
 */
export const sendMultipart = async (
  ctx: Context,
  type: string,
  parts: readonly OutgoingPart[],
): Promise<void> => {
  const boundary = `archwire-${randomUUID()}`;
  ctx.status = 200;
  ctx.vary('Accept');
  ctx.set('Cache-Control', 'private, no-cache');
  ctx.set('Content-Type', `multipart/related; type="${type}"; boundary=${boundary}`);
  if (ctx.method === 'HEAD') return;
  // The head of the first part, and its first bytes.
  ctx.body = await begun(body(parts, boundary), 2);
  const length = totalLength(parts, boundary);
  if (length !== undefined) ctx.length = length;
};
