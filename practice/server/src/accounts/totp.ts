import { Secret, TOTP } from 'otpauth';

const PERIOD_SECONDS = 30;
/** Steps before and after now that are accepted: clocks of telephones differ. */
const WINDOW = 1;
const ISSUER = 'Archwire';

/** Base32, 160 bits (RFC 4226 section 4). */
export const newTotpSecret = (): string => new Secret({ size: 20 }).base32;

/** What the QR code holds. */
export const totpUri = (secret: string, email: string): string =>
  new TOTP({ issuer: ISSUER, label: email, secret: Secret.fromBase32(secret) }).toString();

/**
 * The time step (RFC 6238) that this code belongs to, or `undefined` when it does not fit. Keep the step: a code is good
 * for one use, so anything up to `lastStep` is refused.
 */
export const checkTotp = (options: {
  readonly secret: string;
  readonly code: string;
  readonly now: Date;
  readonly lastStep: number | null;
}): number | undefined => {
  const totp = new TOTP({ secret: Secret.fromBase32(options.secret) });
  const timestamp = options.now.getTime();
  const delta = totp.validate({ token: options.code, timestamp, window: WINDOW });
  if (delta === null) return undefined;
  const step = Math.floor(timestamp / 1000 / PERIOD_SECONDS) + delta;
  return options.lastStep !== null && step <= options.lastStep ? undefined : step;
};
