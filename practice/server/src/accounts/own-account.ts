import { AppError, type Principal } from '@archwire/contracts';
import type { Database } from '@archwire/database';
import { actorOf, auditAccount } from './audit-entry.ts';
import { hashPassword, verifyPassword } from './password-hash.ts';
import { assertGoodPassword } from './password-policy.ts';
import { type EndReason, revokeSessions } from './session-store.ts';
import type { SignedInUser } from './signed-in-user.ts';
import { findUser, lockUser } from './user-row.ts';

/** A signed-in person, acting on their own account. */
export interface Self {
  readonly principal: Principal;
  readonly user: SignedInUser;
}

export interface OwnSession {
  readonly id: string;
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly createdAt: string;
  readonly lastUsedAt: string;
  readonly current: boolean;
}

/** What people do to their own account; open to those who still owe a password or a second factor. */
export interface OwnAccount {
  /** Ends every other session. @throws AppError `invalid` when the current password is wrong or the new one is poor. */
  changePassword(self: Self, passwords: { readonly current: string; readonly next: string }): Promise<void>;
  sessions(self: Self): Promise<OwnSession[]>;
  /** @throws AppError `not-found` */
  endSession(self: Self, sessionId: string): Promise<void>;
  signOut(self: Self): Promise<void>;
  signOutEverywhere(self: Self): Promise<void>;
}

interface Deps {
  readonly database: Pick<Database, 'withTenant'>;
  readonly clock: () => Date;
  readonly forget: () => void;
}

interface SessionRow {
  readonly id: string;
  readonly user_id: string;
  readonly revoked_at: Date | null;
  readonly expires_at: Date;
  readonly address: string | null;
  readonly user_agent: string | null;
  readonly created_at: Date;
  readonly last_used_at: Date;
}

export const createOwnAccount = ({ database, clock, forget }: Deps): OwnAccount => {
  const revoke = async (
    self: Self,
    which: { readonly only?: string; readonly because: EndReason },
    action: string,
  ): Promise<number> => {
    const { tenantId, userId } = self.user;
    const count = await database.withTenant(tenantId, async (trx) => {
      const revoked = await revokeSessions(trx, clock(), { userId, ...which });
      if (revoked > 0) {
        await auditAccount(trx, actorOf(self.principal), {
          action,
          entity: 'session',
          entityId: which.only ?? null,
        });
      }
      return revoked;
    });
    forget();
    return count;
  };

  return {
    changePassword: async ({ principal, user }, { current, next }) => {
      assertGoodPassword(next, user.email);
      if (current === next) {
        throw new AppError('invalid', 'The new password must differ from the current one.', {
          details: { reason: 'password-same' },
        });
      }
      const { tenantId, userId, sessionId } = user;
      const before = await database.withTenant(tenantId, (trx) => findUser(trx, userId));
      if (before === undefined || !(await verifyPassword(current, before.password_hash))) {
        throw new AppError('invalid', 'The current password is wrong.', {
          details: { reason: 'password-wrong' },
        });
      }
      const hash = await hashPassword(next);
      await database.withTenant(tenantId, async (trx) => {
        const locked = await lockUser(trx, userId);
        if (locked.password_hash !== before.password_hash) {
          throw new AppError(
            'conflict',
            'The password was changed elsewhere at the same time. Sign in again.',
          );
        }
        await trx('app_user')
          .where({ id: userId })
          .update({ password_hash: hash, must_change_password: false });
        await revokeSessions(trx, clock(), { userId, except: sessionId, because: 'password-changed' });
        await auditAccount(trx, actorOf(principal), {
          action: 'auth.password',
          entity: 'user',
          entityId: userId,
        });
      });
      forget();
    },

    sessions: async ({ user }) =>
      await database.withTenant(user.tenantId, async (trx) => {
        const rows = await trx<SessionRow>('session')
          .where({ user_id: user.userId })
          .whereNull('revoked_at')
          .andWhere('expires_at', '>', clock())
          .orderBy('created_at', 'desc')
          .limit(100)
          .select('id', 'address', 'user_agent', 'created_at', 'last_used_at');
        return rows.map((row) => ({
          id: row.id,
          address: row.address,
          userAgent: row.user_agent,
          createdAt: row.created_at.toISOString(),
          lastUsedAt: row.last_used_at.toISOString(),
          current: row.id === user.sessionId,
        }));
      }),

    endSession: async (self, sessionId) => {
      if ((await revoke(self, { only: sessionId, because: 'ended-elsewhere' }, 'auth.session.end')) === 0) {
        throw new AppError('not-found', 'You have no such session.', { details: { sessionId } });
      }
    },
    signOut: async (self) =>
      void (await revoke(self, { only: self.user.sessionId, because: 'sign-out' }, 'auth.sign-out')),
    signOutEverywhere: async (self) =>
      void (await revoke(self, { because: 'sign-out-everywhere' }, 'auth.sign-out-everywhere')),
  };
};
