import { randomBytes } from 'node:crypto';
import type { Database } from '@archwire/database';
import { AppError } from '@archwire/contracts';

/** A random key for one purpose: made by the first process, read by all the others of the installation. */
export const loadSigningKey = async (
  database: Pick<Database, 'knex'>,
  purpose: 'access-token' | 'object-url' | 'node' | 'share',
): Promise<Uint8Array> => {
  await database.knex.raw('insert into signing_key (purpose, secret) values (?, ?) on conflict do nothing', [
    purpose,
    randomBytes(32),
  ]);
  const { rows } = await database.knex.raw<{ rows: { secret: Buffer }[] }>(
    'select secret from signing_key where purpose = ?',
    [purpose],
  );
  const secret = rows[0]?.secret;
  if (secret === undefined) throw new AppError('internal', 'The signing key vanished while it was read.');
  return new Uint8Array(secret);
};
