import { AppError } from '@archwire/contracts';
import { appendOutbox, type Database } from '@archwire/database';
import type { Knex } from 'knex';
import type { Client } from '../api/client.ts';
import { ACCESS_TOKEN_SECONDS, type AccessTokens } from './access-token.ts';
import { auditAccount } from './audit-entry.ts';
import { lockoutSeconds } from './lockout.ts';
import { hashPassword, verifyPassword } from './password-hash.ts';
import { spendRecoveryCode } from './recovery-codes.ts';
import type { SecretBox } from './secret-box.ts';
import { newSecret, parseRowToken } from './secret-token.ts';
import { type EndReason, openSession, rotateToken } from './session-store.ts';
import type { NextStep } from './signed-in-user.ts';
import { openTotp } from './totp-secret.ts';
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
   * @throws AppError `unauthenticated` with `details.reason` `credentials`, `totp-required`, `totp-invalid` or `recovery-invalid`;
   *   `rate-limited` with `details.retryAfterSeconds` while the account is locked.
   */
  signIn(
    credentials: {
      readonly email: string;
      readonly password: string;
      readonly totp?: string | undefined;
      readonly recoveryCode?: string | undefined;
    },
    client: Client,
  ): Promise<Issued>;
  /**
   * @throws AppError `unauthenticated` with `details.reason` `session-ended` and, where it is known, `details.because`; or
   *   `session-reused` when a spent token came back, which ends every session of the person.
   */
  refresh(refreshToken: string, client: Client): Promise<Issued>;
}

interface Deps {
  readonly database: Pick<Database, 'knex' | 'withTenant'>;
  readonly accessTokens: AccessTokens;
  readonly clock: () => Date;
  readonly box: SecretBox;
  readonly totp: TotpPolicy;
  /** Whether somebody is told by e-mail that a token of theirs came back. */
  readonly mail: boolean;
  /** Called when sessions were revoked. */
  readonly forget: () => void;
}

const refuse = (reason: keyof typeof REFUSALS, message: string) =>
  new AppError('unauthenticated', message, { details: { reason } });
const REFUSALS = {
  credentials: 'E-mail or password is wrong.',
  'totp-required': 'Enter the six-digit code of your authenticator app.',
  'totp-invalid': 'This code is wrong or was used already. Wait for the next one.',
  'recovery-invalid': 'This recovery code is wrong or was used already. Take another one of your list.',
} as const;

type Verdict =
  | { readonly kind: 'in'; readonly user: UserRow; readonly sessionId: string; readonly refreshToken: string }
  | { readonly kind: 'locked'; readonly seconds: number }
  | { readonly kind: keyof typeof REFUSALS };

export const createSignIn = ({ database, accessTokens, clock, box, totp, mail, forget }: Deps): SignIn => {
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
    given: { readonly totp?: string | undefined; readonly recoveryCode?: string | undefined },
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
    let secondFactor: 'totp' | 'recovery-code' | null = null;
    if (user.totp_confirmed_at !== null && user.totp_secret !== null) {
      if (given.recoveryCode !== undefined) {
        if (!(await spendRecoveryCode(trx, box, at, given.recoveryCode, now))) {
          await fail(trx, user, now, client, 'recovery-code');
          return { kind: 'recovery-invalid' };
        }
        secondFactor = 'recovery-code';
      } else if (given.totp !== undefined) {
        const secret = openTotp(box, at, user.totp_secret);
        const found = checkTotp({ secret, code: given.totp, now, lastStep: user.totp_last_step });
        if (found === undefined) {
          await fail(trx, user, now, client, 'totp');
          return { kind: 'totp-invalid' };
        }
        step = found;
        secondFactor = 'totp';
      } else return { kind: 'totp-required' };
    }
    await trx('app_user')
      .where({ id: user.id })
      .update({ failed_count: 0, locked_until: null, totp_last_step: step, last_sign_in_at: now });
    const session = await openSession(trx, { tenantId: at.tenantId, now }, user.id, client);
    await auditAccount(
      trx,
      { kind: 'user', id: user.id, client },
      {
        action: 'auth.sign-in',
        entity: 'session',
        entityId: session.sessionId,
        ...(secondFactor === null ? {} : { changed: { secondFactor } }),
      },
    );
    return { kind: 'in', user, ...session };
  };

  return {
    signIn: async ({ email, password, ...given }, client) => {
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
        decide(trx, { tenantId, userId, verified }, given, client),
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
      const ended = (reason: string, because: EndReason | null = null) =>
        new AppError('unauthenticated', 'Your session has ended. Sign in again.', {
          details: { reason, ...(because === null ? {} : { because }) },
        });
      const presented = parseRowToken(refreshToken);
      if (presented === undefined) throw ended('session-ended');
      const { tenantId, rowId: sessionId } = presented;
      const outcome = await database.withTenant(tenantId, async (trx) => {
        const rotation = await rotateToken(trx, { tenantId, now: clock() }, presented);
        if (rotation.kind === 'reused') {
          if (mail) await appendOutbox(trx, 'mail.due', { letter: 'token-reused', id: rotation.userId });
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
      if (rotation.kind === 'ended') throw ended('session-ended', rotation.because);
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
