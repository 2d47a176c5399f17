import { AppError, type Language } from '@archwire/contracts';
import type { Database } from '@archwire/database';
import type { Client } from '../api/client.ts';
import { createLink, findLink, type LinkPurpose, withLinkToken } from './account-links.ts';
import { auditAccount } from './audit-entry.ts';
import { hashPassword } from './password-hash.ts';
import { assertGoodPassword } from './password-policy.ts';
import type { SecretBox } from './secret-box.ts';
import { revokeSessions } from './session-store.ts';
import { findUser, foldEmail, lockUser } from './user-row.ts';

export interface PasswordReset {
  /** Whether letters can be sent at all. */
  readonly available: boolean;
  /**
   * Returns at once, before anything is looked up, so that neither the answer nor its time tells whether the address is
   * known. A known, active person gets a letter, at most three in half an hour.
   */
  request(email: string, language: Language, client: Client): void;
  /** @throws AppError `invalid` `link-invalid`, `link-used`, `link-expired` */
  readLink(
    token: string,
  ): Promise<{ readonly purpose: LinkPurpose; readonly email: string; readonly displayName: string }>;
  /** Sets the password, unlocks the account and ends all its sessions. @throws as `readLink`, and `invalid` `password-weak`. */
  reset(token: string, password: string, client: Client): Promise<void>;
  /** Resolves when everything requested so far is on its way. */
  flush(): Promise<void>;
}

const LINK_SECONDS = 30 * 60;
const LINKS_AT_ONCE = 3;

export const createPasswordReset = (deps: {
  readonly database: Pick<Database, 'knex' | 'withTenant'>;
  readonly box: SecretBox;
  readonly clock: () => Date;
  readonly mail: boolean;
  readonly forget: () => void;
  /** Hears of a request that could not be written; the person asks again. */
  readonly onError: (error: unknown) => void;
}): PasswordReset => {
  const { database, box, clock, mail, forget, onError } = deps;
  const running = new Set<Promise<void>>();

  const prepare = async (email: string, asked: Language, client: Client): Promise<void> => {
    const { rows } = await database.knex.raw<{ rows: { tenant_id: string; user_id: string }[] }>(
      'select tenant_id, user_id from find_user_by_email(?)',
      [foldEmail(email)],
    );
    const [found] = rows;
    if (found === undefined) return;
    const { tenant_id: tenantId, user_id: userId } = found;
    const now = clock();
    await database.withTenant(tenantId, async (trx) => {
      const user = await lockUser(trx, userId);
      if (user.deactivated_at !== null) return;
      const open = await trx('account_link')
        .where({ user_id: userId, purpose: 'password-reset' })
        .andWhere('created_at', '>', new Date(now.getTime() - LINK_SECONDS * 1000))
        .limit(LINKS_AT_ONCE)
        .pluck('id');
      if (open.length >= LINKS_AT_ONCE) return;
      await createLink(trx, box, {
        tenantId,
        userId,
        purpose: 'password-reset',
        language: user.language ?? asked,
        now,
        seconds: LINK_SECONDS,
      });
      await auditAccount(
        trx,
        { kind: 'user', id: userId, client },
        { action: 'auth.password.forgotten', entity: 'user', entityId: userId },
      );
    });
  };

  return {
    available: mail,
    request: (email, language, client) => {
      if (!mail) return;
      const work = prepare(email, language, client)
        .catch(onError)
        .finally(() => running.delete(work));
      running.add(work);
    },
    flush: async () => void (await Promise.all(running)),

    readLink: async (token) =>
      await withLinkToken(database, token, async (trx, parsed) => {
        const link = await findLink(trx, parsed, clock());
        const user = await findUser(trx, link.user_id);
        if (user === undefined) throw new AppError('not-found', 'There is no such user any more.');
        return { purpose: link.purpose, email: user.email, displayName: user.display_name };
      }),

    reset: async (token, password, client) => {
      const email = await withLinkToken(database, token, async (trx, parsed) => {
        const link = await findLink(trx, parsed, clock());
        return (await findUser(trx, link.user_id))?.email ?? '';
      });
      assertGoodPassword(password, email);
      const hash = await hashPassword(password);
      await withLinkToken(database, token, async (trx, parsed) => {
        const now = clock();
        const link = await findLink(trx, parsed, now, { lock: true });
        const user = await lockUser(trx, link.user_id);
        if (user.deactivated_at !== null)
          throw new AppError('forbidden', 'This account is not active. Ask an administrator of your group.', {
            details: { reason: 'deactivated' },
          });
        await trx('app_user').where({ id: user.id }).update({
          password_hash: hash,
          must_change_password: false,
          failed_count: 0,
          locked_until: null,
        });
        // Every open link of the person ends with this one: a second letter is no second way in.
        await trx('account_link').where({ user_id: user.id }).whereNull('used_at').update({ used_at: now });
        await revokeSessions(trx, now, { userId: user.id, because: 'password-changed' });
        await auditAccount(
          trx,
          { kind: 'user', id: user.id, client },
          {
            action: link.purpose === 'invitation' ? 'auth.invitation.accept' : 'auth.password.reset',
            entity: 'user',
            entityId: user.id,
          },
        );
      });
      forget();
    },
  };
};
