import { AppError } from '@archwire/contracts';
import type { Database } from '@archwire/database';
import type { Knex } from 'knex';
import type { Client } from '../api/client.ts';
import { ACCESS_TOKEN_SECONDS, type AccessTokens } from './access-token.ts';
import { auditAccount } from './audit-entry.ts';
import { lockoutSeconds } from './lockout.ts';
import { hashPassword, verifyPassword } from './password-hash.ts';
import { newSecret, parseRefreshToken } from './secret-token.ts';
import { openSession, rotateToken } from './session-store.ts';
import type { NextStep } from './signed-in-user.ts';
import { checkTotp } from './totp.ts';
import { findUser, foldEmail, nextStep, type TotpPolicy, type UserRow } from './user-row.ts';

export interface Issued {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly refreshToken: string;
  /** What the person must still do; the access token opens nothing else before. */
  readonly next: NextStep | null;
}

export interface SignIn {
  /**
   * @throws AppError `unauthenticated` with `details.reason` `credentials`, `totp-required` or `totp-invalid`;
   *   `rate-limited` with `details.retryAfterSeconds` while the account is locked.
   */
  signIn(
    credentials: { readonly email: string; readonly password: string; readonly totp?: string | undefined },
    client: Client,
  ): Promise<Issued>;
  /** @throws AppError `unauthenticated` with `details.reason` `session-ended`, or `session-reused` when the family was revoked. */
  refresh(refreshToken: string, client: Client): Promise<Issued>;
}

interface Deps {
  readonly database: Pick<Database, 'knex' | 'withTenant'>;
  readonly accessTokens: AccessTokens;
  readonly clock: () => Date;
  readonly totp: TotpPolicy;
  /** Called when sessions were revoked. */
  readonly forget: () => void;
}

const refuse = (reason: 'credentials' | 'totp-required' | 'totp-invalid', message: string) =>
  new AppError('unauthenticated', message, { details: { reason } });
const REFUSALS = {
  credentials: 'E-mail or password is wrong.',
  'totp-required': 'Enter the six-digit code of your authenticator app.',
  'totp-invalid': 'This code is wrong or was used already. Wait for the next one.',
} as const;

type Verdict =
  | { readonly kind: 'in'; readonly user: UserRow; readonly sessionId: string; readonly refreshToken: string }
  | { readonly kind: 'locked'; readonly seconds: number }
  | { readonly kind: keyof typeof REFUSALS };

export const createSignIn = ({ database, accessTokens, clock, totp, forget }: Deps): SignIn => {
  // Unknown people wait as long for their refusal as known ones.
  const decoy = hashPassword(newSecret());

  const auditFailure = async (
    trx: Knex.Transaction,
    user: UserRow,
    client: Client,
    reason: string,
  ): Promise<void> =>
    await auditAccount(
      trx,
      { kind: 'user', id: user.id, client },
      { action: 'auth.sign-in', entity: 'user', entityId: user.id, outcome: 'failure', reason },
    );

  const fail = async (
    trx: Knex.Transaction,
    user: UserRow,
    now: Date,
    client: Client,
    reason: string,
  ): Promise<void> => {
    const failures = user.failed_count + 1;
    const seconds = lockoutSeconds(failures);
    await trx('app_user')
      .where({ id: user.id })
      .update({
        failed_count: failures,
        locked_until: seconds === 0 ? null : new Date(now.getTime() + seconds * 1000),
      });
    await auditFailure(trx, user, client, reason);
  };

  /** The part under the row's lock: guesses that run side by side are counted one after the other. */
  const decide = async (
    trx: Knex.Transaction,
    at: { readonly tenantId: string; readonly userId: string; readonly verified: string | null },
    code: string | undefined,
    client: Client,
  ): Promise<Verdict> => {
    const now = clock();
    const user = await findUser(trx, at.userId, { lock: true });
    if (user === undefined) return { kind: 'credentials' };
    if (user.deactivated_at !== null) {
      await auditFailure(trx, user, client, 'deactivated');
      return { kind: 'credentials' };
    }
    if (user.locked_until !== null && user.locked_until > now) {
      await auditFailure(trx, user, client, 'locked');
      return { kind: 'locked', seconds: Math.ceil((user.locked_until.getTime() - now.getTime()) / 1000) };
    }
    // Compared with the hash as it is now: it may have changed while argon2 ran.
    if (at.verified !== user.password_hash) {
      await fail(trx, user, now, client, 'password');
      return { kind: 'credentials' };
    }
    let step = user.totp_last_step;
    if (user.totp_confirmed_at !== null && user.totp_secret !== null) {
      if (code === undefined) return { kind: 'totp-required' };
      const found = checkTotp({ secret: user.totp_secret, code, now, lastStep: user.totp_last_step });
      if (found === undefined) {
        await fail(trx, user, now, client, 'totp');
        return { kind: 'totp-invalid' };
      }
      step = found;
    }
    await trx('app_user')
      .where({ id: user.id })
      .update({ failed_count: 0, locked_until: null, totp_last_step: step });
    const session = await openSession(trx, { tenantId: at.tenantId, now }, user.id, client);
    await auditAccount(
      trx,
      { kind: 'user', id: user.id, client },
      { action: 'auth.sign-in', entity: 'session', entityId: session.sessionId },
    );
    return { kind: 'in', user, ...session };
  };

  return {
    signIn: async ({ email, password, totp: code }, client) => {
      const { rows } = await database.knex.raw<{ rows: { tenant_id: string; user_id: string }[] }>(
        'select tenant_id, user_id from find_user_by_email(?)',
        [foldEmail(email)],
      );
      const found = rows[0];
      if (found === undefined) {
        await verifyPassword(password, await decoy);
        throw refuse('credentials', REFUSALS.credentials);
      }
      const { tenant_id: tenantId, user_id: userId } = found;
      // Outside any transaction: argon2 takes tens of milliseconds and no row should be locked meanwhile.
      const hash =
        (await database.withTenant(tenantId, (trx) => findUser(trx, userId)))?.password_hash ?? (await decoy);
      const verified = (await verifyPassword(password, hash)) ? hash : null;
      const verdict = await database.withTenant(tenantId, (trx) =>
        decide(trx, { tenantId, userId, verified }, code, client),
      );
      if (verdict.kind === 'locked') {
        throw new AppError('rate-limited', `Too many attempts. Try again in ${verdict.seconds} seconds.`, {
          details: { reason: 'locked', retryAfterSeconds: verdict.seconds },
        });
      }
      if (verdict.kind !== 'in') throw refuse(verdict.kind, REFUSALS[verdict.kind]);
      return {
        accessToken: await accessTokens.issue({ tenantId, userId, sessionId: verdict.sessionId }),
        expiresIn: ACCESS_TOKEN_SECONDS,
        refreshToken: verdict.refreshToken,
        next: nextStep(verdict.user, totp),
      };
    },

    refresh: async (refreshToken, client) => {
      const ended = (reason: string) =>
        new AppError('unauthenticated', 'Your session has ended. Sign in again.', { details: { reason } });
      const presented = parseRefreshToken(refreshToken);
      if (presented === undefined) throw ended('session-ended');
      const { tenantId, sessionId } = presented;
      const outcome = await database.withTenant(tenantId, async (trx) => {
        const rotation = await rotateToken(trx, { tenantId, now: clock() }, presented);
        if (rotation.kind === 'reused') {
          await auditAccount(
            trx,
            { kind: 'user', id: rotation.userId, client },
            {
              action: 'auth.refresh',
              entity: 'session',
              entityId: sessionId,
              outcome: 'failure',
              reason: 'token-reused',
            },
          );
        }
        const user = rotation.kind === 'rotated' ? await findUser(trx, rotation.userId) : undefined;
        return { rotation, user };
      });
      const { rotation, user } = outcome;
      if (rotation.kind === 'reused') {
        forget();
        throw ended('session-reused');
      }
      if (rotation.kind === 'unknown' || user === undefined || user.deactivated_at !== null)
        throw ended('session-ended');
      return {
        accessToken: await accessTokens.issue({ tenantId, userId: user.id, sessionId }),
        expiresIn: ACCESS_TOKEN_SECONDS,
        refreshToken: rotation.refreshToken,
        next: nextStep(user, totp),
      };
    },
  };
};
