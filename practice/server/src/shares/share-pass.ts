import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a browser holds after it opened a link: it names the tenant, and ends after a while whatever becomes of the link. */
export interface SharePass {
  readonly tenantId: string;
  readonly expiresAt: number;
}

const PASS = /^([0-9a-f-]{36})\.(\d{13})\.([A-Za-z0-9_-]{43})$/;

const sign = (key: Uint8Array, shareId: string, tenantId: string, expiresAt: number): string =>
  createHmac('sha256', key).update(`share ${shareId} ${tenantId} ${expiresAt}`).digest('base64url');

/** The value of the cookie that opens the pictures of one link. */
export const writeSharePass = (key: Uint8Array, shareId: string, pass: SharePass): string =>
  `${pass.tenantId}.${pass.expiresAt}.${sign(key, shareId, pass.tenantId, pass.expiresAt)}`;

/** `undefined` when it was not made here for this link, or has ended. */
export const readSharePass = (
  key: Uint8Array,
  shareId: string,
  value: string,
  now: number,
): SharePass | undefined => {
  const [, tenantId, expires, signature] = PASS.exec(value) ?? [];
  if (tenantId === undefined || expires === undefined || signature === undefined) return undefined;
  const expected = Buffer.from(sign(key, shareId, tenantId, Number(expires)));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return Number(expires) > now ? { tenantId, expiresAt: Number(expires) } : undefined;
};
