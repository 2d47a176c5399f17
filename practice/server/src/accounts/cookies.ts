import type { ReplyCookie } from '../api/route.ts';
import type { Issued } from './sign-in.ts';
import { REFRESH_TOKEN_SECONDS } from './session-store.ts';

/** Spent only on `/api/v1/auth/…`. */
export const REFRESH_COOKIE = 'archwire_refresh';
/** The access token once more, for same-origin GETs that cannot carry a header (ranges of the viewer, images, pages). */
export const ACCESS_COOKIE = 'archwire_access';
const REFRESH_PATH = '/api/v1/auth';

export const sessionCookies = (issued: Issued): readonly ReplyCookie[] => [
  {
    name: REFRESH_COOKIE,
    value: issued.refreshToken,
    path: REFRESH_PATH,
    maxAgeSeconds: REFRESH_TOKEN_SECONDS,
  },
  { name: ACCESS_COOKIE, value: issued.accessToken, path: '/', maxAgeSeconds: issued.expiresIn },
];

export const noCookies: readonly ReplyCookie[] = [
  { name: REFRESH_COOKIE, value: '', path: REFRESH_PATH, maxAgeSeconds: 0 },
  { name: ACCESS_COOKIE, value: '', path: '/', maxAgeSeconds: 0 },
];
