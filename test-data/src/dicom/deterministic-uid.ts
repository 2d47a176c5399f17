import { createHash } from 'node:crypto';

/** The same name gives the same UID on every machine (PS3.5 section B.2 form, from a SHA-256). */
export const deterministicUid = (name: string): string => {
  const hex = createHash('sha256').update(name).digest('hex').slice(0, 32);
  return `2.25.${BigInt(`0x${hex}`)}`;
};
