import { createHash, randomBytes, randomInt } from 'node:crypto';

const SECRET_BYTES = 32;
/** No letters or digits that look alike: a person reads this from a terminal. */
const READABLE = 'abcdefghjkmnpqrstuvwxyz23456789';

/** 256 random bits as base64url: too much to guess, so a plain hash of it is enough to keep. */
export const newSecret = (): string => randomBytes(SECRET_BYTES).toString('base64url');

export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** About 79 bits in four groups, to be typed once. */
export const newOneTimePassword = (): string =>
  Array.from({ length: 4 }, () =>
    Array.from({ length: 4 }, () => READABLE[randomInt(READABLE.length)]).join(''),
  ).join('-');

/** `awk_<prefix>_<secret>`: the prefix finds the key and may be shown, the secret proves it. */
export const newApiKey = (): { readonly prefix: string; readonly secret: string; readonly key: string } => {
  const prefix = Array.from({ length: 12 }, () => READABLE[randomInt(READABLE.length)]).join('');
  const secret = newSecret();
  return { prefix, secret, key: `awk_${prefix}_${secret}` };
};

const API_KEY = /^awk_([a-z0-9]{12})_([A-Za-z0-9_-]{43})$/;

export const parseApiKey = (
  key: string,
): { readonly prefix: string; readonly secret: string } | undefined => {
  const [, prefix, secret] = API_KEY.exec(key) ?? [];
  return prefix === undefined || secret === undefined ? undefined : { prefix, secret };
};

/** A refresh token names its family, so that it is found inside its tenant; only the secret at its end proves anything. */
export const formatRefreshToken = (tenantId: string, sessionId: string, secret: string): string =>
  `${tenantId}.${sessionId}.${secret}`;

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const REFRESH = new RegExp(`^(${UUID})\\.(${UUID})\\.([A-Za-z0-9_-]{43})$`);

export const parseRefreshToken = (
  token: string,
): { readonly tenantId: string; readonly sessionId: string; readonly secret: string } | undefined => {
  const [, tenantId, sessionId, secret] = REFRESH.exec(token) ?? [];
  return tenantId === undefined || sessionId === undefined || secret === undefined
    ? undefined
    : { tenantId, sessionId, secret };
};
