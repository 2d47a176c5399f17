import { AppError } from '@archwire/contracts';

export type MultipartEvent =
  | { readonly kind: 'part'; readonly headers: ReadonlyMap<string, string> }
  | { readonly kind: 'data'; readonly chunk: Buffer }
  | { readonly kind: 'end' };

const CRLF = Buffer.from('\r\n');
const HEADER_END = Buffer.from('\r\n\r\n');
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_PADDING_BYTES = 1024;
/** RFC 2046 allows 70; a little more costs nothing and some clients are longer. */
const MAX_BOUNDARY_LENGTH = 200;

const broken = (message: string): AppError =>
  new AppError('invalid', message, { details: { reason: 'multipart' } });

/** How many bytes at the end of `buffer` may be the beginning of `delimiter`. */
const heldBack = (buffer: Buffer, delimiter: Buffer): number => {
  let at = buffer.indexOf(0x0d, Math.max(0, buffer.length - delimiter.length + 1));
  while (at !== -1) {
    const tail = buffer.subarray(at);
    if (tail.equals(delimiter.subarray(0, tail.length))) return tail.length;
    at = buffer.indexOf(0x0d, at + 1);
  }
  return 0;
};

/** What follows a delimiter: `undefined` asks for more bytes. */
const afterDelimiter = (
  buffer: Buffer,
  ended: boolean,
): { readonly kind: 'part' | 'close' | 'data'; readonly skip: number } | undefined => {
  if (buffer.length >= 2 && buffer[0] === 0x2d && buffer[1] === 0x2d) return { kind: 'close', skip: 2 };
  let at = 0;
  while (at < buffer.length && (buffer[at] === 0x20 || buffer[at] === 0x09)) at += 1;
  if (at > MAX_PADDING_BYTES) return { kind: 'data', skip: 0 };
  const rest = buffer.subarray(at, at + 2);
  if (rest.length === 2)
    return rest.equals(CRLF) ? { kind: 'part', skip: at + 2 } : { kind: 'data', skip: 0 };
  return ended ? { kind: 'data', skip: 0 } : undefined;
};

const parseHeaders = (block: string): ReadonlyMap<string, string> => {
  const headers = new Map<string, string>();
  for (const line of block.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    if (line === '') continue;
    const colon = line.indexOf(':');
    if (colon < 1) throw broken('A part has a header line without a colon.');
    headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return headers;
};

/**
 * Reads a multipart body (RFC 2046 section 5.1) as it arrives, wherever the chunks are cut, holding at most a few bytes
 * beyond the chunk in hand. Parts come as `part`, any number of `data`, `end`. Chunks are views of the source's buffers.
 * @throws AppError `invalid` (`reason: 'multipart'`) when the framing is broken or the body ends before the closing
 *   delimiter; parts that ended before are whole.
 */
export async function* parseMultipart(
  source: AsyncIterable<Buffer>,
  boundary: string,
): AsyncGenerator<MultipartEvent, void, void> {
  if (boundary === '' || boundary.length > MAX_BOUNDARY_LENGTH || /[\r\n]/.test(boundary)) {
    throw broken('The boundary parameter of the Content-Type header is empty or too long.');
  }
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  /** The first delimiter may stand at the very start, without its line break. */
  let pending: Buffer = CRLF;
  let state: 'preamble' | 'delimiter' | 'headers' | 'data' | 'epilogue' = 'preamble';
  let inPart = false;

  function* consume(ended: boolean): Generator<MultipartEvent, void, void> {
    for (;;) {
      if (state === 'epilogue') {
        pending = Buffer.alloc(0);
        return;
      }
      if (state === 'preamble' || state === 'data') {
        const at = pending.indexOf(delimiter);
        const end = at === -1 ? pending.length - heldBack(pending, delimiter) : at;
        if (end > 0 && state === 'data') yield { kind: 'data', chunk: pending.subarray(0, end) };
        pending = pending.subarray(at === -1 ? end : at);
        if (at === -1) return;
        state = 'delimiter';
      } else if (state === 'delimiter') {
        const next = afterDelimiter(pending.subarray(delimiter.length), ended);
        if (next === undefined) return;
        if (next.kind === 'data') {
          // A longer word that begins like the boundary is content.
          if (inPart) yield { kind: 'data', chunk: pending.subarray(0, delimiter.length) };
          pending = pending.subarray(delimiter.length);
          state = inPart ? 'data' : 'preamble';
          continue;
        }
        if (inPart) yield { kind: 'end' };
        inPart = false;
        // The line break stays: it is the first half of the blank line when a part has no headers.
        pending = pending.subarray(delimiter.length + next.skip - (next.kind === 'part' ? CRLF.length : 0));
        state = next.kind === 'part' ? 'headers' : 'epilogue';
      } else {
        const at = pending.indexOf(HEADER_END);
        if (at === -1) {
          if (pending.length > MAX_HEADER_BYTES) throw broken('The headers of a part are longer than 16 KB.');
          return;
        }
        yield { kind: 'part', headers: parseHeaders(pending.subarray(0, at).toString('latin1')) };
        inPart = true;
        pending = pending.subarray(at + HEADER_END.length);
        state = 'data';
      }
    }
  }

  for await (const chunk of source) {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    yield* consume(false);
  }
  yield* consume(true);
  if (state === 'preamble')
    throw broken('The boundary of the Content-Type header does not occur in the body.');
  if (state !== 'epilogue') throw broken('The body ended before the closing boundary.');
}
