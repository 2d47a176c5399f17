import { AppError, type Language, type Role, TOTP_ROLES } from '@archwire/contracts';
import type { Knex } from 'knex';
import type { NextStep } from './signed-in-user.ts';

export interface UserRow {
  readonly id: string;
  readonly email: string;
  readonly display_name: string;
  readonly role: Role;
  readonly password_hash: string;
  readonly must_change_password: boolean;
  /** Sealed (`openTotp`); in the clear only until a server of this version has started. */
  readonly totp_secret: string | null;
  /** The secret of another app, sealed, until its first code confirms it. */
  readonly totp_pending: string | null;
  readonly totp_confirmed_at: Date | null;
  readonly totp_last_step: number | null;
  readonly failed_count: number;
  readonly locked_until: Date | null;
  readonly deactivated_at: Date | null;
  readonly language: Language | null;
  readonly theme: 'system' | 'light' | 'dark';
  readonly last_sign_in_at: Date | null;
  readonly alert: 'token-reused' | null;
  readonly alert_at: Date | null;
  readonly created_at: Date;
}

/** E-mail addresses are kept and looked up in lower case. */
export const foldEmail = (email: string): string => email.trim().toLowerCase();

export const findUser = async (
  trx: Knex.Transaction,
  userId: string,
  options: { readonly lock?: boolean } = {},
): Promise<UserRow | undefined> => {
  const query = trx<UserRow>('app_user').where({ id: userId }).first();
  return await (options.lock === true ? query.forUpdate() : query);
};

/** @throws AppError `not-found` */
export const lockUser = async (trx: Knex.Transaction, userId: string): Promise<UserRow> => {
  const user = await findUser(trx, userId, { lock: true });
  if (user === undefined)
    throw new AppError('not-found', 'There is no such user in your group.', { details: { userId } });
  return user;
};

export interface TotpPolicy {
  /** `false` on demonstrations and tests. */
  readonly required: boolean;
  /** An administrator that the environment itself configures on a loopback server; see `createAccounts`. */
  readonly exemptEmail: string | null;
}

/** What stands between this person and the product. */
export const nextStep = (
  user: Pick<UserRow, 'email' | 'role' | 'must_change_password' | 'totp_confirmed_at'>,
  policy: TotpPolicy,
): NextStep | null => {
  if (user.must_change_password) return 'change-password';
  const needsTotp = policy.required && TOTP_ROLES.has(user.role) && user.email !== policy.exemptEmail;
  return needsTotp && user.totp_confirmed_at === null ? 'enrol-totp' : null;
};
