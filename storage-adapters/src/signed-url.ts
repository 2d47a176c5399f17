import { createHmac, timingSafeEqual } from 'node:crypto';

import { AppError } from '@archwire/contracts';

import { objectKey } from './object-key.ts';

/** What a signature covers: nobody can move it to another store, key, time or type. */
export interface SignedRead {
  readonly store: string;
  readonly key: string;
  readonly expiresAt: number;
  readonly contentType: string | null;
}

const digest = (secret: Uint8Array, read: SignedRead): Buffer =>
  createHmac('sha256', secret)
    .update(JSON.stringify([read.store, read.key, read.expiresAt, read.contentType]))
    .digest();

/** `expiresAt` is in seconds since 1970. The result is `{base}/{store}/{key}?expires=…&signature=…`. */
export const signUrl = (secret: Uint8Array, base: string, read: SignedRead): string => {
  const query = new URLSearchParams({ expires: String(read.expiresAt) });
  if (read.contentType !== null) query.set('type', read.contentType);
  query.set('signature', digest(secret, read).toString('base64url'));
  return `${base}/${read.store}/${read.key}?${query.toString()}`;
};

const refuse = (): never => {
  throw new AppError('forbidden', 'This link is not valid or has expired. Ask for a new one.');
};

/**
 * The HTTP door of filesystem stores: checks the parts of a URL that `signUrl` made, in constant time.
 * @throws AppError `forbidden` when anything was changed or the time is over.
 */
export const verifySignedUrl = (
  secret: Uint8Array,
  path: { readonly store: string; readonly key: string },
  query: URLSearchParams,
  now: number = Date.now(),
): SignedRead => {
  const expires = query.get('expires') ?? '';
  const signature = Buffer.from(query.get('signature') ?? '', 'base64url');
  if (!/^[0-9]{1,12}$/.test(expires)) return refuse();
  const read: SignedRead = { ...path, expiresAt: Number(expires), contentType: query.get('type') };
  const expected = digest(secret, read);
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return refuse();
  if (read.expiresAt * 1000 <= now) return refuse();
  objectKey(read.key);
  return read;
};
