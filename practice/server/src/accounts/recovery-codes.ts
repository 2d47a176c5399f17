import type { Knex } from 'knex';
import { randomReadable } from './secret-token.ts';
import type { SecretBox } from './secret-box.ts';

const COUNT = 10;
const HALF = 5;

interface Owner {
  readonly tenantId: string;
  readonly userId: string;
}

/** Two groups of five, about 50 bits: guessing stops at the account's lockout, and the hash is keyed. */
const newCode = (): string => `${randomReadable(HALF)}-${randomReadable(HALF)}`;

const hashOf = (box: SecretBox, { tenantId, userId }: Owner, code: string): Buffer =>
  box.mac('recovery-code', `${tenantId} ${userId} ${code.toLowerCase().replaceAll(/[^a-z0-9]/g, '')}`);

/** Ten new codes for this person, the old ones gone. The answer is the only place where they can be read. */
export const renewRecoveryCodes = async (
  trx: Knex.Transaction,
  box: SecretBox,
  owner: Owner,
  now: Date,
): Promise<string[]> => {
  const codes = Array.from({ length: COUNT }, newCode);
  await trx('recovery_code').where({ user_id: owner.userId }).delete();
  await trx('recovery_code').insert(
    codes.map((code) => ({
      tenant_id: owner.tenantId,
      user_id: owner.userId,
      hash: hashOf(box, owner, code),
      created_at: now,
    })),
  );
  return codes;
};

/** Whether this was an unused code of this person; from now on it is used. */
export const spendRecoveryCode = async (
  trx: Knex.Transaction,
  box: SecretBox,
  owner: Owner,
  code: string,
  now: Date,
): Promise<boolean> =>
  (await trx('recovery_code')
    .where({ user_id: owner.userId, hash: hashOf(box, owner, code) })
    .whereNull('used_at')
    .update({ used_at: now })) === 1;
