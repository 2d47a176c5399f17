import { createHmac } from 'node:crypto';

/** Who somebody is once de-identified: the same for the same secret, project and patient, and not to be traced back without the secret. */
export interface Pseudonyms {
  /** Patient ID and name. */
  readonly patient: string;
  /** What dates of this patient are moved by: 30 to 3,679 days into the past. */
  readonly shiftDays: number;
  /** The UID that stands for this one (PS3.5 B.2). */
  uid(original: string): string;
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * @param secret at least 32 random bytes that only the tenant's database has.
 * @param project objects of one project fit together, objects of two cannot be joined.
 * @param patient what names the patient for certain, e.g. the id of the index.
 */
export const createPseudonyms = (secret: Buffer, project: string, patient: string): Pseudonyms => {
  const digest = (kind: string, value: string): Buffer =>
    createHmac('sha256', secret)
      .update(JSON.stringify([kind, project, value]))
      .digest();
  const person = digest('patient', patient);
  const letters = [...person.subarray(0, 10)].map((byte) => CROCKFORD[byte & 31] ?? '0').join('');
  return {
    patient: `ANON-${letters}`,
    shiftDays: -30 - (person.readUInt32BE(12) % 3650),
    uid: (original) => {
      const bytes = digest('uid', original).subarray(0, 16);
      // A UUID of version 8 (RFC 9562): the 128 bits of PS3.5 B.2 with its marks.
      bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
      bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
      return `2.25.${BigInt(`0x${bytes.toString('hex')}`)}`;
    },
  };
};
