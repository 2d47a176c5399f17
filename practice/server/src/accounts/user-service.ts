import { AppError, type Language, type Principal, requirePermission, type Role } from '@archwire/contracts';
import type { Database } from '@archwire/database';
import type { Knex } from 'knex';
import { createLink, type LinkPurpose } from './account-links.ts';
import { actorOf, auditAccount } from './audit-entry.ts';
import { hashPassword } from './password-hash.ts';
import type { SecretBox } from './secret-box.ts';
import { newOneTimePassword, newSecret } from './secret-token.ts';
import { revokeSessions } from './session-store.ts';
import { findUser, foldEmail, lockUser, type UserRow } from './user-row.ts';

export interface UserView {
  readonly id: string;
  readonly email: string;
  readonly displayName: string;
  readonly role: Role;
  readonly active: boolean;
  readonly totpEnrolled: boolean;
  readonly mustChangePassword: boolean;
  readonly lockedUntil: string | null;
  readonly lastSignInAt: string | null;
  readonly createdAt: string;
}

/** How somebody gets a first or new password. */
export type PasswordBy = 'one-time-password' | 'email';

/** Users of one group. Every method throws AppError `forbidden` without its permission. */
export interface UserService {
  list(principal: Principal): Promise<UserView[]>;
  /**
   * The one-time password is answered here and nowhere else; `null` when a link goes by e-mail instead.
   * @throws AppError `conflict` when the e-mail is taken; `invalid` `mail-off` when no letter can be sent.
   */
  create(
    principal: Principal,
    user: {
      readonly email: string;
      readonly displayName: string;
      readonly role: Role;
      readonly passwordBy?: PasswordBy;
    },
  ): Promise<{ readonly user: UserView; readonly oneTimePassword: string | null }>;
  /** @throws AppError `not-found`; `conflict` when no active administrator would be left. */
  update(
    principal: Principal,
    userId: string,
    change: {
      readonly displayName?: string | undefined;
      readonly role?: Role | undefined;
      readonly active?: boolean | undefined;
    },
  ): Promise<UserView>;
  resetPassword(
    principal: Principal,
    userId: string,
    passwordBy?: PasswordBy,
  ): Promise<{ readonly oneTimePassword: string | null }>;
  resetTotp(principal: Principal, userId: string): Promise<void>;
  signOutEverywhere(principal: Principal, userId: string): Promise<void>;
}

interface Deps {
  readonly database: Pick<Database, 'withTenant'>;
  readonly box: SecretBox;
  readonly clock: () => Date;
  /** Whether letters can be sent. */
  readonly mail: boolean;
  readonly forget: () => void;
}

const LINK_SECONDS: Readonly<Record<LinkPurpose, number>> = {
  invitation: 7 * 24 * 3600,
  'password-reset': 24 * 3600,
};

const present = (row: UserRow, now: Date): UserView => ({
  id: row.id,
  email: row.email,
  displayName: row.display_name,
  role: row.role,
  active: row.deactivated_at === null,
  totpEnrolled: row.totp_confirmed_at !== null,
  mustChangePassword: row.must_change_password,
  lockedUntil: row.locked_until !== null && row.locked_until > now ? row.locked_until.toISOString() : null,
  lastSignInAt: row.last_sign_in_at?.toISOString() ?? null,
  createdAt: row.created_at.toISOString(),
});

const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '23505';

const assertAnotherAdministrator = async (trx: Knex.Transaction, userId: string): Promise<void> => {
  const others = await trx<UserRow>('app_user')
    .where({ role: 'administrator' })
    .whereNull('deactivated_at')
    .pluck('id');
  if (!others.some((id) => id !== userId)) {
    throw new AppError(
      'conflict',
      'This is the last active administrator. Make somebody else administrator first.',
      {
        details: { reason: 'last-administrator' },
      },
    );
  }
};

export const createUserService = ({ database, box, clock, mail, forget }: Deps): UserService => {
  const assertMail = (passwordBy: PasswordBy): void => {
    if (passwordBy === 'email' && !mail) {
      throw new AppError(
        'invalid',
        'This server sends no e-mail. Give the person a one-time password, or set ARCHWIRE_SMTP_URL.',
        { details: { reason: 'mail-off' } },
      );
    }
  };
  /** `null`: nobody knows it; a link is the only way in. */
  const newPassword = async (passwordBy: PasswordBy) => {
    const oneTimePassword = passwordBy === 'email' ? null : newOneTimePassword();
    return { oneTimePassword, hash: await hashPassword(oneTimePassword ?? newSecret()) };
  };
  const sendLink = async (
    trx: Knex.Transaction,
    principal: Principal,
    userId: string,
    purpose: LinkPurpose,
  ): Promise<void> => {
    const languageOf = async (id: string | null): Promise<Language | null> =>
      (id === null ? undefined : await findUser(trx, id))?.language ?? null;
    await createLink(trx, box, {
      tenantId: principal.tenantId,
      userId,
      purpose,
      language:
        (await languageOf(userId)) ??
        (await languageOf(principal.kind === 'user' ? principal.id : null)) ??
        'en',
      now: clock(),
      seconds: LINK_SECONDS[purpose],
    });
  };

  const change = async <T>(
    principal: Principal,
    userId: string,
    action: string,
    work: (trx: Knex.Transaction, user: UserRow) => Promise<T>,
    changed?: Readonly<Record<string, string | boolean | null>>,
  ): Promise<T> => {
    requirePermission(principal, 'accounts.user.write');
    const result = await database.withTenant(principal.tenantId, async (trx) => {
      // One change of accounts at a time in a group: two administrators must not take each other's role at the same moment.
      await trx('tenant').where({ id: principal.tenantId }).forNoKeyUpdate().first('id');
      const value = await work(trx, await lockUser(trx, userId));
      await auditAccount(trx, actorOf(principal), {
        action,
        entity: 'user',
        entityId: userId,
        ...(changed === undefined ? {} : { changed }),
      });
      return value;
    });
    forget();
    return result;
  };

  return {
    list: async (principal) => {
      requirePermission(principal, 'accounts.user.read');
      return await database.withTenant(principal.tenantId, async (trx) =>
        (await trx<UserRow>('app_user').orderBy('email').limit(5000).select('*')).map((row) =>
          present(row, clock()),
        ),
      );
    },

    create: async (principal, { email, displayName, role, passwordBy = 'one-time-password' }) => {
      requirePermission(principal, 'accounts.user.write');
      assertMail(passwordBy);
      const { oneTimePassword, hash } = await newPassword(passwordBy);
      try {
        const user = await database.withTenant(principal.tenantId, async (trx) => {
          const rows = await trx('app_user')
            .insert({
              tenant_id: principal.tenantId,
              email: foldEmail(email),
              display_name: displayName,
              role,
              password_hash: hash,
              must_change_password: true,
              created_at: clock(),
            })
            .returning<UserRow[]>('*');
          const row = rows[0];
          if (row === undefined) throw new AppError('internal', 'The user was not made.');
          if (passwordBy === 'email') await sendLink(trx, principal, row.id, 'invitation');
          await auditAccount(trx, actorOf(principal), {
            action: 'user.create',
            entity: 'user',
            entityId: row.id,
            changed: { role },
          });
          return row;
        });
        return { user: present(user, clock()), oneTimePassword };
      } catch (error) {
        if (!isUniqueViolation(error)) throw error;
        throw new AppError(
          'conflict',
          'Somebody has this e-mail already. Use another one, or reset that account.',
          {
            details: { reason: 'email-taken' },
          },
        );
      }
    },

    update: async (principal, userId, { displayName, role, active }) => {
      const changed = {
        ...(role === undefined ? {} : { role }),
        ...(active === undefined ? {} : { active }),
        ...(displayName === undefined ? {} : { displayName: true }),
      };
      return await change(
        principal,
        userId,
        'user.update',
        async (trx, user) => {
          const losesAdministrator =
            user.role === 'administrator' &&
            user.deactivated_at === null &&
            ((role !== undefined && role !== 'administrator') || active === false);
          if (losesAdministrator) await assertAnotherAdministrator(trx, userId);
          const rows = await trx('app_user')
            .where({ id: userId })
            .update({
              display_name: displayName ?? user.display_name,
              role: role ?? user.role,
              deactivated_at:
                active === undefined ? user.deactivated_at : active ? null : (user.deactivated_at ?? clock()),
            })
            .returning<UserRow[]>('*');
          if (active === false) await revokeSessions(trx, clock(), { userId, because: 'deactivated' });
          return present(rows[0] ?? user, clock());
        },
        changed,
      );
    },

    resetPassword: async (principal, userId, passwordBy = 'one-time-password') => {
      requirePermission(principal, 'accounts.user.write');
      assertMail(passwordBy);
      const { oneTimePassword, hash } = await newPassword(passwordBy);
      await change(principal, userId, 'user.reset-password', async (trx) => {
        await trx('app_user')
          .where({ id: userId })
          .update({ password_hash: hash, must_change_password: true, failed_count: 0, locked_until: null });
        if (passwordBy === 'email') await sendLink(trx, principal, userId, 'password-reset');
        await revokeSessions(trx, clock(), { userId, because: 'administrator' });
      });
      return { oneTimePassword };
    },

    resetTotp: async (principal, userId) =>
      await change(principal, userId, 'user.reset-totp', async (trx) => {
        await trx('app_user')
          .where({ id: userId })
          .update({ totp_secret: null, totp_pending: null, totp_confirmed_at: null, totp_last_step: null });
        await trx('recovery_code').where({ user_id: userId }).delete();
        await revokeSessions(trx, clock(), { userId, because: 'administrator' });
      }),

    signOutEverywhere: async (principal, userId) =>
      await change(principal, userId, 'user.sign-out-everywhere', async (trx) => {
        await revokeSessions(trx, clock(), { userId, because: 'administrator' });
      }),
  };
};
