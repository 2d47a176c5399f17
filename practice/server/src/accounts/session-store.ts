import { AppError } from '@archwire/contracts';
import type { Knex } from 'knex';
import type { Client } from '../api/client.ts';
import { formatRefreshToken, hashSecret, newSecret } from './secret-token.ts';

export const REFRESH_TOKEN_SECONDS = 7 * 24 * 3600;
/** However often it is refreshed, a session ends after this. */
const SESSION_SECONDS = 30 * 24 * 3600;
/** Two tabs that wake together send the same token; both are honest within this time. */
const RACE_SECONDS = 10;

const later = (now: Date, seconds: number): Date => new Date(now.getTime() + seconds * 1000);

interface Scope {
  readonly tenantId: string;
  readonly now: Date;
}

const addToken = async (trx: Knex.Transaction, scope: Scope, sessionId: string): Promise<string> => {
  const secret = newSecret();
  await trx('refresh_token').insert({
    tenant_id: scope.tenantId,
    family_id: sessionId,
    token_hash: hashSecret(secret),
    created_at: scope.now,
    expires_at: later(scope.now, REFRESH_TOKEN_SECONDS),
  });
  return formatRefreshToken(scope.tenantId, sessionId, secret);
};

/** Opens a session and answers its first refresh token. Sweeps what this user's sessions left behind. */
export const openSession = async (
  trx: Knex.Transaction,
  scope: Scope,
  userId: string,
  client: Client,
): Promise<{ readonly sessionId: string; readonly refreshToken: string }> => {
  await trx('session').where({ user_id: userId }).andWhere('expires_at', '<', scope.now).delete();
  const rows = await trx('session')
    .insert({
      tenant_id: scope.tenantId,
      user_id: userId,
      address: client.address,
      user_agent: client.userAgent?.slice(0, 300) ?? null,
      created_at: scope.now,
      last_used_at: scope.now,
      expires_at: later(scope.now, SESSION_SECONDS),
    })
    .returning<{ id: string }[]>('id');
  const sessionId = rows[0]?.id;
  if (sessionId === undefined) throw new AppError('internal', 'The session was not made.');
  return { sessionId, refreshToken: await addToken(trx, scope, sessionId) };
};

export type Rotation =
  | { readonly kind: 'rotated'; readonly userId: string; readonly refreshToken: string }
  | { readonly kind: 'unknown' }
  /** Somebody used a token that was already spent: the family is revoked, whoever holds the newest token included. */
  | { readonly kind: 'reused'; readonly userId: string };

/** Spends a refresh token for the next one. Concurrent calls on one family wait for each other. */
export const rotateToken = async (
  trx: Knex.Transaction,
  scope: Scope,
  presented: { readonly sessionId: string; readonly secret: string },
): Promise<Rotation> => {
  const session = await trx<{ id: string; user_id: string; revoked_at: Date | null; expires_at: Date }>(
    'session',
  )
    .where({ id: presented.sessionId })
    .forUpdate()
    .first();
  if (session === undefined || session.revoked_at !== null || session.expires_at <= scope.now)
    return { kind: 'unknown' };
  const token = await trx<{
    id: string;
    family_id: string;
    token_hash: Buffer;
    used_at: Date | null;
    expires_at: Date;
  }>('refresh_token')
    .where({ family_id: session.id, token_hash: hashSecret(presented.secret) })
    .first();
  if (token === undefined || token.expires_at <= scope.now) return { kind: 'unknown' };
  if (token.used_at !== null && later(token.used_at, RACE_SECONDS) <= scope.now) {
    await trx('session').where({ id: session.id }).update({ revoked_at: scope.now });
    return { kind: 'reused', userId: session.user_id };
  }
  if (token.used_at === null)
    await trx('refresh_token').where({ id: token.id }).update({ used_at: scope.now });
  await trx('refresh_token').where({ family_id: session.id }).andWhere('expires_at', '<', scope.now).delete();
  await trx('session').where({ id: session.id }).update({ last_used_at: scope.now });
  return { kind: 'rotated', userId: session.user_id, refreshToken: await addToken(trx, scope, session.id) };
};

/** Ends sessions of a user: one, all, or all but one. Answers how many. */
export const revokeSessions = async (
  trx: Knex.Transaction,
  now: Date,
  which: { readonly userId: string; readonly only?: string; readonly except?: string },
): Promise<number> => {
  const query = trx('session').where({ user_id: which.userId }).whereNull('revoked_at');
  if (which.only !== undefined) void query.andWhere({ id: which.only });
  if (which.except !== undefined) void query.andWhereNot({ id: which.except });
  return await query.update({ revoked_at: now });
};
