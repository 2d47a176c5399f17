import { AppError, type Permission, type Principal, type Role, ROLES } from '@archwire/contracts';
import type { Database } from '@archwire/database';
import { timingSafeEqual } from 'node:crypto';
import type { Client } from '../api/client.ts';
import { createTtlCache } from '../ttl-cache.ts';
import type { AccessTokens } from './access-token.ts';
import { hashSecret, parseApiKey } from './secret-token.ts';
import type { SignedInUser } from './signed-in-user.ts';
import { nextStep, type TotpPolicy, type UserRow } from './user-row.ts';

export interface Authenticated {
  readonly principal: Principal;
  /** `null` for an API key. */
  readonly user: SignedInUser | null;
}

export interface Authenticator {
  /** @throws AppError `unauthenticated` */
  accessToken(token: string, client: Client): Promise<Authenticated>;
  /** @throws AppError `unauthenticated` */
  apiKey(key: string, client: Client): Promise<Authenticated>;
  /** Forgets what it knows, after a change of accounts in this process. Other processes follow within five seconds. */
  forget(): void;
}

interface Deps {
  readonly database: Pick<Database, 'knex' | 'withTenant'>;
  readonly accessTokens: AccessTokens;
  readonly clock: () => Date;
  readonly totp: TotpPolicy;
}

const REMEMBER_MS = 5000;
const REMEMBERED = 10_000;
const LAST_USED_MS = 60_000;
const NOTHING: ReadonlySet<Permission> = new Set();

export const permissionsOf = (role: Role): ReadonlySet<Permission> => new Set<Permission>(ROLES[role]);

const ended = () =>
  new AppError('unauthenticated', 'Your session has ended. Sign in again.', {
    details: { reason: 'session-ended' },
  });
const badKey = () =>
  new AppError(
    'unauthenticated',
    'This API key is not known or was revoked. Ask an administrator for a new one.',
    {
      details: { reason: 'api-key' },
    },
  );

interface KnownKey {
  readonly tenantId: string;
  readonly id: string;
  readonly role: Role;
  readonly locationId: string | null;
}

/** Turns credentials into a principal. What the database says is remembered for five seconds, so that a page of thumbnails costs one look. */
export const createAuthenticator = ({ database, accessTokens, clock, totp }: Deps): Authenticator => {
  const sessions = createTtlCache<SignedInUser | null>({ ttlMs: REMEMBER_MS, max: REMEMBERED });
  const keys = createTtlCache<KnownKey | null>({ ttlMs: REMEMBER_MS, max: REMEMBERED });

  const readSession = async (
    tenantId: string,
    sessionId: string,
    userId: string,
  ): Promise<SignedInUser | null> =>
    await database.withTenant(tenantId, async (trx) => {
      const row = await trx('session as s')
        .join('app_user as u', (on) => on.on('u.tenant_id', 's.tenant_id').andOn('u.id', 's.user_id'))
        .where({ 's.id': sessionId, 's.user_id': userId })
        .whereNull('s.revoked_at')
        .whereNull('u.deactivated_at')
        .andWhere('s.expires_at', '>', clock())
        .first<
          | Pick<
              UserRow,
              'id' | 'email' | 'display_name' | 'role' | 'must_change_password' | 'totp_confirmed_at'
            >
          | undefined
        >('u.id', 'u.email', 'u.display_name', 'u.role', 'u.must_change_password', 'u.totp_confirmed_at');
      return row === undefined
        ? null
        : {
            tenantId,
            userId: row.id,
            sessionId,
            email: row.email,
            displayName: row.display_name,
            role: row.role,
            totpEnrolled: row.totp_confirmed_at !== null,
            next: nextStep(row, totp),
          };
    });

  const readKey = async (prefix: string, secret: string): Promise<KnownKey | null> => {
    const { rows } = await database.knex.raw<{ rows: { tenant_id: string; api_key_id: string }[] }>(
      'select tenant_id, api_key_id from find_api_key_by_prefix(?)',
      [prefix],
    );
    const found = rows[0];
    if (found === undefined) return null;
    return await database.withTenant(found.tenant_id, async (trx) => {
      const row = await trx<{
        id: string;
        hash: Buffer;
        role: Role;
        location_id: string | null;
        last_used_at: Date | null;
        revoked_at: Date | null;
      }>('api_key')
        .where({ id: found.api_key_id })
        .first();
      if (row === undefined || row.revoked_at !== null || !timingSafeEqual(row.hash, hashSecret(secret)))
        return null;
      const now = clock();
      if (row.last_used_at === null || now.getTime() - row.last_used_at.getTime() > LAST_USED_MS) {
        await trx('api_key').where({ id: row.id }).update({ last_used_at: now });
      }
      return { tenantId: found.tenant_id, id: row.id, role: row.role, locationId: row.location_id };
    });
  };

  return {
    accessToken: async (token, client) => {
      const claims = await accessTokens.verify(token);
      if (claims === undefined) throw ended();
      const { tenantId, sessionId, userId } = claims;
      const user = await sessions.get(sessionId, () => readSession(tenantId, sessionId, userId));
      if (user === null || user.userId !== userId) throw ended();
      const permissions = user.next === null ? permissionsOf(user.role) : NOTHING;
      return {
        user,
        principal: { tenantId, kind: 'user', id: userId, locationId: null, permissions, ...client },
      };
    },

    apiKey: async (key, client) => {
      const parsed = parseApiKey(key);
      if (parsed === undefined) throw badKey();
      const found = await keys.get(hashSecret(key).toString('base64'), () =>
        readKey(parsed.prefix, parsed.secret),
      );
      if (found === null) throw badKey();
      return {
        user: null,
        principal: {
          tenantId: found.tenantId,
          kind: 'api-key',
          id: found.id,
          locationId: found.locationId,
          permissions: permissionsOf(found.role),
          ...client,
        },
      };
    },

    forget: () => {
      sessions.clear();
      keys.clear();
    },
  };
};
