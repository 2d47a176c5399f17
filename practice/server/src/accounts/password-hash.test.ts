import { describe, expect, it } from 'vitest';
import { hashPassword, verifyPassword } from './password-hash.ts';

describe('password hash', () => {
  it('verifies what it hashed and nothing else, with a new salt each time', async () => {
    const [one, two] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(two);
    expect(
      await Promise.all([
        verifyPassword('correct horse', one),
        verifyPassword('Correct horse', one),
        verifyPassword('', one),
      ]),
    ).toEqual([true, false, false]);
  });

  it('agrees with the reference implementation', async () => {
    // The test vector of the reference implementation (P-H-C/phc-winner-argon2, src/test.c): v19, t=2, m=64 MiB, p=1.
    const reference =
      '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await verifyPassword('password', reference)).toBe(true);
    expect(await verifyPassword('passwore', reference)).toBe(false);
  });

  it('takes a composed and a decomposed letter for the same', async () => {
    expect(await verifyPassword('cafe\u0301 au lait', await hashPassword('caf\u00e9 au lait'))).toBe(true);
  });

  it('fits nothing to a damaged hash', async () => {
    expect(await verifyPassword('x', 'not a hash')).toBe(false);
  });
});
