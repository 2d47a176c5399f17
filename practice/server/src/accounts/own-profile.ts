import { AppError, type Language } from '@archwire/contracts';
import type { Database } from '@archwire/database';
import { actorOf, auditAccount } from './audit-entry.ts';
import type { Self } from './own-account.ts';
import type { UserRow } from './user-row.ts';

export interface Profile {
  readonly groupName: string;
  readonly displayName: string;
  readonly language: Language | null;
  readonly theme: 'system' | 'light' | 'dark';
  readonly recoveryCodesLeft: number | null;
  readonly alert: { readonly kind: 'token-reused'; readonly at: string } | null;
}

/** How a person wants to be called and shown the product; kept on the server, so that it follows them. */
export interface OwnProfile {
  read(self: Self): Promise<Profile>;
  change(
    self: Self,
    change: {
      readonly displayName?: string | undefined;
      readonly language?: Language | null | undefined;
      readonly theme?: Profile['theme'] | undefined;
    },
  ): Promise<void>;
  /** The person has read what happened to the account. */
  acknowledgeAlert(self: Self): Promise<void>;
}

type Row = Pick<
  UserRow,
  'display_name' | 'language' | 'theme' | 'alert' | 'alert_at' | 'totp_confirmed_at'
> & {
  readonly group_name: string;
  readonly codes_left: number;
};

const READ = `
  select u.display_name, u.language, u.theme, u.alert, u.alert_at, u.totp_confirmed_at, t.name as group_name,
         (select count(*)::int from recovery_code c
           where c.tenant_id = u.tenant_id and c.user_id = u.id and c.used_at is null) as codes_left
    from app_user u join tenant t on t.id = u.tenant_id
   where u.id = ?`;

export const createOwnProfile = (deps: {
  readonly database: Pick<Database, 'withTenant'>;
  readonly forget: () => void;
}): OwnProfile => ({
  read: async ({ user }) => {
    const { rows } = await deps.database.withTenant(user.tenantId, (trx) =>
      trx.raw<{ rows: Row[] }>(READ, [user.userId]),
    );
    const [row] = rows;
    if (row === undefined) throw new AppError('unauthenticated', 'Your account is gone. Sign in again.');
    return {
      groupName: row.group_name,
      displayName: row.display_name,
      language: row.language,
      theme: row.theme,
      recoveryCodesLeft: row.totp_confirmed_at === null ? null : row.codes_left,
      alert:
        row.alert === null || row.alert_at === null
          ? null
          : { kind: row.alert, at: row.alert_at.toISOString() },
    };
  },

  change: async ({ principal, user }, { displayName, language, theme }) => {
    const columns = {
      ...(displayName === undefined ? {} : { display_name: displayName }),
      ...(language === undefined ? {} : { language }),
      ...(theme === undefined ? {} : { theme }),
    };
    if (Object.keys(columns).length === 0) return;
    await deps.database.withTenant(user.tenantId, async (trx) => {
      await trx('app_user').where({ id: user.userId }).update(columns);
      // How the screen looks is nobody's business; what somebody is called is.
      if (displayName !== undefined) {
        await auditAccount(trx, actorOf(principal), {
          action: 'user.update',
          entity: 'user',
          entityId: user.userId,
          changed: { displayName: true },
        });
      }
    });
    deps.forget();
  },

  acknowledgeAlert: async ({ user }) => {
    await deps.database.withTenant(user.tenantId, (trx) =>
      trx('app_user').where({ id: user.userId }).update({ alert: null, alert_at: null }),
    );
  },
});
