import { AppError } from '@archwire/contracts';
import type { Database } from '@archwire/database';
import { renderSVG } from 'uqr';
import { actorOf, auditAccount } from './audit-entry.ts';
import type { Self } from './own-account.ts';
import { verifyPassword } from './password-hash.ts';
import { renewRecoveryCodes } from './recovery-codes.ts';
import type { SecretBox } from './secret-box.ts';
import { openTotp, sealTotp } from './totp-secret.ts';
import { checkTotp, newTotpSecret, totpUri } from './totp.ts';
import { findUser, lockUser } from './user-row.ts';

/** A person's own second factor; open to those who still owe it. */
export interface OwnTotp {
  /**
   * A new secret, good only once confirmed; until then a confirmed one stays in force.
   * @throws AppError `invalid` `password-wrong`: whoever has a confirmed one must give the password.
   */
  begin(
    self: Self,
    password: string | undefined,
  ): Promise<{ readonly secret: string; readonly uri: string; readonly qrSvg: string }>;
  /** Answers ten recovery codes, here and nowhere else. @throws AppError `invalid` when the code does not fit. */
  confirm(self: Self, code: string): Promise<string[]>;
  /** @throws AppError `invalid` `password-wrong`; `conflict` without an authenticator app. */
  renewRecoveryCodes(self: Self, password: string): Promise<string[]>;
}

const passwordWrong = () =>
  new AppError('invalid', 'The password is wrong.', { details: { reason: 'password-wrong' } });

export const createOwnTotp = (deps: {
  readonly database: Pick<Database, 'withTenant'>;
  readonly box: SecretBox;
  readonly clock: () => Date;
  readonly forget: () => void;
}): OwnTotp => {
  const { database, box, clock, forget } = deps;

  /** Outside any transaction, because argon2 takes its time. */
  const provePassword = async ({ user }: Self, password: string): Promise<void> => {
    const row = await database.withTenant(user.tenantId, (trx) => findUser(trx, user.userId));
    if (row === undefined || !(await verifyPassword(password, row.password_hash))) throw passwordWrong();
  };

  return {
    begin: async (self, password) => {
      const { principal, user } = self;
      if (user.next === 'change-password') {
        throw new AppError('forbidden', 'Set a password of your own first.', {
          details: { reason: 'change-password' },
        });
      }
      if (password !== undefined) await provePassword(self, password);
      const secret = newTotpSecret();
      await database.withTenant(user.tenantId, async (trx) => {
        const locked = await lockUser(trx, user.userId);
        if (locked.totp_confirmed_at !== null && password === undefined) throw passwordWrong();
        await trx('app_user')
          .where({ id: user.userId })
          .update({ totp_pending: sealTotp(box, user, secret) });
        await auditAccount(trx, actorOf(principal), {
          action: 'auth.totp.begin',
          entity: 'user',
          entityId: user.userId,
        });
      });
      const uri = totpUri(secret, user.email);
      return { secret, uri, qrSvg: renderSVG(uri, { border: 2 }) };
    },

    confirm: async ({ principal, user }, code) => {
      const now = clock();
      const codes = await database.withTenant(user.tenantId, async (trx) => {
        const locked = await lockUser(trx, user.userId);
        if (locked.totp_pending === null) {
          throw new AppError('conflict', 'There is no authenticator waiting to be confirmed. Start again.', {
            details: { reason: 'totp-not-begun' },
          });
        }
        const secret = openTotp(box, user, locked.totp_pending);
        const step = checkTotp({ secret, code, now, lastStep: null });
        if (step === undefined) {
          throw new AppError(
            'invalid',
            'This code does not fit. Check the clock of your telephone and enter the newest code.',
            { details: { reason: 'totp-invalid' } },
          );
        }
        await trx('app_user').where({ id: user.userId }).update({
          totp_secret: locked.totp_pending,
          totp_pending: null,
          totp_confirmed_at: now,
          totp_last_step: step,
        });
        const made = await renewRecoveryCodes(trx, box, user, now);
        await auditAccount(trx, actorOf(principal), {
          action: 'auth.totp.confirm',
          entity: 'user',
          entityId: user.userId,
        });
        return made;
      });
      forget();
      return codes;
    },

    renewRecoveryCodes: async (self, password) => {
      const { principal, user } = self;
      await provePassword(self, password);
      return await database.withTenant(user.tenantId, async (trx) => {
        const locked = await lockUser(trx, user.userId);
        if (locked.totp_confirmed_at === null) {
          throw new AppError('conflict', 'Set up an authenticator app first; recovery codes come with it.', {
            details: { reason: 'totp-not-enrolled' },
          });
        }
        const codes = await renewRecoveryCodes(trx, box, user, clock());
        await auditAccount(trx, actorOf(principal), {
          action: 'auth.recovery-codes.renew',
          entity: 'user',
          entityId: user.userId,
        });
        return codes;
      });
    },
  };
};
