import type { Database } from '@archwire/database';
import type { SecretBox } from './secret-box.ts';
import type { UserRow } from './user-row.ts';

interface Owner {
  readonly tenantId: string;
  readonly userId: string;
}

const contextOf = ({ tenantId, userId }: Owner): string => `totp ${tenantId} ${userId}`;

export const sealTotp = (box: SecretBox, owner: Owner, secret: string): string =>
  box.seal(secret, contextOf(owner));

/** Also reads what was written before secrets were sealed. */
export const openTotp = (box: SecretBox, owner: Owner, stored: string): string =>
  box.isSealed(stored) ? box.open(stored, contextOf(owner)) : stored;

/** Seals what an older version wrote in the clear. At start, any number of processes at once. */
export const sealPlainTotp = async (
  database: Pick<Database, 'knex' | 'withTenant'>,
  box: SecretBox,
): Promise<void> => {
  const { rows } = await database.knex.raw<{ rows: { tenant_id: string; user_id: string }[] }>(
    'select tenant_id, user_id from find_plain_totp()',
  );
  for (const { tenant_id: tenantId, user_id: userId } of rows) {
    await database.withTenant(tenantId, async (trx) => {
      const user = await trx<UserRow>('app_user').where({ id: userId }).forUpdate().first();
      if (user === undefined || user.totp_secret === null || box.isSealed(user.totp_secret)) return;
      await trx('app_user')
        .where({ id: userId })
        .update({ totp_secret: sealTotp(box, { tenantId, userId }, user.totp_secret) });
    });
  }
};
