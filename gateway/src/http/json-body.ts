import { AppError } from '@archwire/contracts';
import type { AppContext } from './state.ts';

const LIMIT_BYTES = 64 * 1024;
const TIME_LIMIT_MS = 10_000;

const tooLarge = () =>
  new AppError('too-large', `The body of this request may have ${LIMIT_BYTES / 1024} KB at most.`);

const collect = async (ctx: AppContext): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of ctx.req) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > LIMIT_BYTES) throw tooLarge();
    chunks.push(bytes);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
};

/** JSON can write what no database column takes: U+0000, and halves of surrogate pairs. */
const assertText = (key: string, value: unknown): unknown => {
  for (const text of [key, value]) {
    if (typeof text === 'string' && (text.includes('\0') || !text.isWellFormed()))
      throw new AppError(
        'invalid',
        'The body has a character that is no text (U+0000 or half a surrogate pair).',
      );
  }
  return value;
};

/**
 * The JSON body of a request; `undefined` when there is none.
 * @throws AppError `unsupported` for another media type, `too-large`, `invalid` for what is not JSON or comes too slowly.
 */
export const readJsonBody = async (ctx: AppContext): Promise<unknown> => {
  const declared = ctx.request.length;
  const hasBody = (declared !== undefined && declared > 0) || ctx.get('transfer-encoding') !== '';
  if (!hasBody) return undefined;
  if (ctx.is('application/json') === false)
    throw new AppError('unsupported', 'Send the body as application/json.');
  if (declared !== undefined && declared > LIMIT_BYTES) throw tooLarge();
  const timer = setTimeout(() => ctx.req.destroy(), TIME_LIMIT_MS);
  try {
    const value: unknown = JSON.parse(await collect(ctx), assertText);
    return value;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('invalid', 'The body is not JSON in UTF-8.', { cause: error });
  } finally {
    clearTimeout(timer);
  }
};
