import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@archwire/contracts';
import type { Database } from '@archwire/database';

const FILE = 'secret.key';
const KEY_BYTES = 32;

const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EEXIST';
const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

const parse = (text: string, where: string): Uint8Array => {
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== KEY_BYTES)
    throw new AppError(
      'invalid',
      `${where} does not hold a key: 32 bytes in base64, as "openssl rand -base64 32" prints them.`,
    );
  return new Uint8Array(key);
};

/** Whole or not at all: a half-written key would lock everybody out at the next start. */
const write = async (file: string): Promise<void> => {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${randomBytes(KEY_BYTES).toString('base64')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(draft, file);
  } catch (error) {
    if (!isTaken(error)) throw error; // another process was first: its key counts
  } finally {
    await rm(draft);
  }
};

/**
 * The installation's key, which stays outside the database so that a dump of its tables opens nothing: the one given
 * (`ARCHWIRE_SECRET_KEY`), or else `secret.key` in the data folder, made at the first start.
 * @throws AppError `invalid` when what is there is no key.
 */
export const loadSecretKey = async (options: {
  readonly dataDir: string;
  readonly given: string | null;
}): Promise<Uint8Array> => {
  if (options.given !== null) return parse(options.given, 'ARCHWIRE_SECRET_KEY');
  const file = path.join(options.dataDir, FILE);
  try {
    return parse(await readFile(file, 'utf8'), file);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  await write(file);
  return parse(await readFile(file, 'utf8'), file);
};

/**
 * Every process of an installation holds the same key, and holds it for ever: a fingerprint in the database tells.
 * @throws AppError `invalid` when this is another key than the one the installation began with.
 */
export const assertSecretKey = async (database: Pick<Database, 'knex'>, key: Uint8Array): Promise<void> => {
  const fingerprint = createHmac('sha256', key).update('archwire fingerprint').digest();
  await database.knex.raw('insert into signing_key (purpose, secret) values (?, ?) on conflict do nothing', [
    'secret-key-fingerprint',
    fingerprint,
  ]);
  const { rows } = await database.knex.raw<{ rows: { secret: Buffer }[] }>(
    "select secret from signing_key where purpose = 'secret-key-fingerprint'",
  );
  const known = rows[0]?.secret;
  if (known === undefined || !timingSafeEqual(known, fingerprint)) {
    throw new AppError(
      'invalid',
      'This is not the secret key that this database was started with. Put back secret.key into the data folder, or set ARCHWIRE_SECRET_KEY to what it holds, on every server of the installation.',
    );
  }
};
