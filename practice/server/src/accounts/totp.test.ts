import { TOTP } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { checkTotp, newTotpSecret, totpUri } from './totp.ts';

/** RFC 6238 appendix B, SHA-1: the ASCII secret 12345678901234567890; the codes are the last six of the eight digits. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const at = (seconds: number) => new Date(seconds * 1000);

describe('TOTP', () => {
  it.each([
    [59, '287082', 1],
    [1_111_111_109, '081804', 37_037_036],
    [1_234_567_890, '005924', 41_152_263],
    [2_000_000_000, '279037', 66_666_666],
  ])('agrees with RFC 6238 at %i', (seconds, code, step) => {
    expect(checkTotp({ secret: SECRET, code, now: at(seconds), lastStep: null })).toBe(step);
  });

  it('accepts one step of clock difference and no more', () => {
    const check = (seconds: number) =>
      checkTotp({ secret: SECRET, code: '287082', now: at(seconds), lastStep: null });
    expect([29, 30, 89, 90].map((seconds) => check(seconds - 0))).toEqual([1, 1, 1, undefined]);
  });

  it('takes a code once', () => {
    expect(checkTotp({ secret: SECRET, code: '287082', now: at(59), lastStep: 1 })).toBeUndefined();
    expect(checkTotp({ secret: SECRET, code: '287082', now: at(59), lastStep: 0 })).toBe(1);
  });

  it.each(['', '28708', '2870820', 'abcdef', '000000'])('refuses %j', (code) => {
    expect(checkTotp({ secret: SECRET, code, now: at(59), lastStep: null })).toBeUndefined();
  });

  it('makes secrets that an authenticator understands', () => {
    const secret = newTotpSecret();
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    const uri = totpUri(secret, 'ada@example.org');
    expect(uri).toBe(
      `otpauth://totp/Archwire:ada%40example.org?issuer=Archwire&secret=${secret}&algorithm=SHA1&digits=6&period=30`,
    );
    const code = new TOTP({ secret }).generate({ timestamp: 59_000 });
    expect(checkTotp({ secret, code, now: at(59), lastStep: null })).toBe(1);
  });
});
