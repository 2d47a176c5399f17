import { randomBytes } from 'node:crypto';
import { AppError } from '@archwire/contracts';
import type { Transaction } from '../query/transaction.ts';

/** What pseudonyms of the transaction's tenant are made with; made when first asked for, and never changed. */
export const pseudonymSecret = async (trx: Transaction): Promise<Buffer> => {
  await trx.raw(
    'insert into pseudonym_secret (tenant_id, secret) values (app_tenant(), ?) on conflict do nothing',
    [randomBytes(32)],
  );
  const { rows }: { rows: { secret: Buffer }[] } = await trx.raw('select secret from pseudonym_secret');
  const [row] = rows;
  if (row === undefined)
    throw new AppError('internal', 'The secret of pseudonyms vanished while it was read.');
  return row.secret;
};
