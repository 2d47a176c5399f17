import { createHash, randomBytes, randomInt } from 'node:crypto';

const SECRET_BYTES = 32;
/** No letters or digits that look alike: a person reads this from a terminal. */
const READABLE = 'abcdefghjkmnpqrstuvwxyz23456789';

/** 256 random bits as base64url: too much to guess, so a plain hash of it is enough to keep. */
export const newSecret = (): string => randomBytes(SECRET_BYTES).toString('base64url');

export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();

export const randomReadable = (length: number): string =>
  Array.from({ length }, () => READABLE[randomInt(READABLE.length)]).join('');

/** About 79 bits in four groups, to be typed once. */
export const newOneTimePassword = (): string => Array.from({ length: 4 }, () => randomReadable(4)).join('-');

/** `awk_<prefix>_<secret>`: the prefix finds the key and may be shown, the secret proves it. */
export const newApiKey = (): { readonly prefix: string; readonly secret: string; readonly key: string } => {
  const prefix = randomReadable(12);
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

/**
 * A token that a person carries (a refresh token, a link by e-mail) names its row, so that it is found inside its tenant;
 * only the secret at its end proves anything.
 */
export const formatRowToken = (tenantId: string, rowId: string, secret: string): string =>
  `${tenantId}.${rowId}.${secret}`;

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const ROW_TOKEN = new RegExp(`^(${UUID})\\.(${UUID})\\.([A-Za-z0-9_-]{43})$`);

export const parseRowToken = (
  token: string,
): { readonly tenantId: string; readonly rowId: string; readonly secret: string } | undefined => {
  const [, tenantId, rowId, secret] = ROW_TOKEN.exec(token) ?? [];
  return tenantId === undefined || rowId === undefined || secret === undefined
    ? undefined
    : { tenantId, rowId, secret };
};
