import { AppError } from '@archwire/contracts';
import type { Knex } from 'knex';
import type { Client } from '../api/client.ts';
import { formatRowToken, hashSecret, newSecret } from './secret-token.ts';

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
  return formatRowToken(scope.tenantId, sessionId, secret);
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

/** Why a session ended before its time; told to whoever holds its newest token. */
export type EndReason =
  | 'sign-out'
  | 'sign-out-everywhere'
  | 'ended-elsewhere'
  | 'password-changed'
  | 'administrator'
  | 'deactivated'
  | 'token-reused';

export type Rotation =
  | { readonly kind: 'rotated'; readonly userId: string; readonly refreshToken: string }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'ended'; readonly because: EndReason | null }
  /** Somebody used a token that was already spent: one of two holders is a thief, and all sessions of the user are revoked. */
  | { readonly kind: 'reused'; readonly userId: string };

interface SessionRow {
  readonly id: string;
  readonly user_id: string;
  readonly revoked_at: Date | null;
  readonly end_reason: EndReason | null;
  readonly expires_at: Date;
}

interface TokenRow {
  readonly id: string;
  readonly family_id: string;
  readonly token_hash: Buffer;
  readonly used_at: Date | null;
  readonly expires_at: Date;
}

/** Spends a refresh token for the next one. Concurrent calls on one family wait for each other. */
export const rotateToken = async (
  trx: Knex.Transaction,
  scope: Scope,
  presented: { readonly rowId: string; readonly secret: string },
): Promise<Rotation> => {
  const session = await trx<SessionRow>('session').where({ id: presented.rowId }).forUpdate().first();
  if (session === undefined) return { kind: 'unknown' };
  const token = await trx<TokenRow>('refresh_token')
    .where({ family_id: session.id, token_hash: hashSecret(presented.secret) })
    .first();
  if (token === undefined || token.expires_at <= scope.now) return { kind: 'unknown' };
  if (session.revoked_at !== null) return { kind: 'ended', because: session.end_reason };
  if (session.expires_at <= scope.now) return { kind: 'unknown' };
  if (token.used_at !== null && later(token.used_at, RACE_SECONDS) <= scope.now) {
    await revokeSessions(trx, scope.now, { userId: session.user_id, because: 'token-reused' });
    await trx('app_user')
      .where({ id: session.user_id })
      .update({ alert: 'token-reused', alert_at: scope.now });
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
  which: {
    readonly userId: string;
    readonly because: EndReason;
    readonly only?: string;
    readonly except?: string;
  },
): Promise<number> => {
  const query = trx('session').where({ user_id: which.userId }).whereNull('revoked_at');
  if (which.only !== undefined) void query.andWhere({ id: which.only });
  if (which.except !== undefined) void query.andWhereNot({ id: which.except });
  return await query.update({ revoked_at: now, end_reason: which.because });
};
