import { errors, jwtVerify, SignJWT } from 'jose';

/** Seconds an access token is worth something. */
export const ACCESS_TOKEN_SECONDS = 15 * 60;
const ISSUER = 'archwire';
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface AccessClaims {
  readonly tenantId: string;
  readonly userId: string;
  readonly sessionId: string;
}

export interface AccessTokens {
  issue(claims: AccessClaims): Promise<string>;
  /** `undefined` when the token is not ours, not whole or no longer good. */
  verify(token: string): Promise<AccessClaims | undefined>;
}

/** Signed access tokens (JWT, HS256). They say who, never what is allowed: that is read from the database. */
export const createAccessTokens = (options: {
  readonly key: Uint8Array;
  readonly clock: () => Date;
}): AccessTokens => ({
  issue: async ({ tenantId, userId, sessionId }) => {
    const now = Math.floor(options.clock().getTime() / 1000);
    return await new SignJWT({ tid: tenantId, sid: sessionId })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setSubject(userId)
      .setIssuer(ISSUER)
      .setAudience(ISSUER)
      .setIssuedAt(now)
      .setExpirationTime(now + ACCESS_TOKEN_SECONDS)
      .sign(options.key);
  },
  verify: async (token) => {
    try {
      const { payload } = await jwtVerify(token, options.key, {
        algorithms: ['HS256'],
        issuer: ISSUER,
        audience: ISSUER,
        requiredClaims: ['sub', 'exp'],
        currentDate: options.clock(),
      });
      const { sub, tid, sid } = payload;
      if (typeof sub !== 'string' || typeof tid !== 'string' || typeof sid !== 'string') return undefined;
      return [sub, tid, sid].every((id) => UUID.test(id))
        ? { tenantId: tid, userId: sub, sessionId: sid }
        : undefined;
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined;
      throw error;
    }
  },
});
