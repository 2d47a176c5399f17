import { randomBytes } from 'node:crypto';
import { chmod, readFile, rename, writeFile } from 'node:fs/promises';

export interface Credentials {
  readonly superuserPassword: string;
  readonly ownerPassword: string;
}

const parse = (text: string): Credentials => {
  const value: unknown = JSON.parse(text);
  if (
    typeof value === 'object' &&
    value !== null &&
    'superuserPassword' in value &&
    'ownerPassword' in value &&
    typeof value.superuserPassword === 'string' &&
    typeof value.ownerPassword === 'string'
  ) {
    return { superuserPassword: value.superuserPassword, ownerPassword: value.ownerPassword };
  }
  throw new Error('The credentials file of the embedded PostgreSQL is damaged.');
};

/** The random passwords of the embedded cluster, made once and readable by this user only. */
export const loadCredentials = async (file: string): Promise<Credentials> => {
  try {
    return parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  const made = {
    superuserPassword: randomBytes(24).toString('base64url'),
    ownerPassword: randomBytes(24).toString('base64url'),
  };
  await writeFile(`${file}.part`, JSON.stringify(made), { mode: 0o600 });
  await chmod(`${file}.part`, 0o600);
  await rename(`${file}.part`, file);
  return made;
};
