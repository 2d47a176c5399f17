import type { Role } from '@archwire/contracts';

/** What a person must still do before the product opens to them. */
export type NextStep = 'change-password' | 'enrol-totp';

/** The person behind an access token, as the database knows them now (at most a few seconds old). */
export interface SignedInUser {
  readonly tenantId: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly email: string;
  readonly displayName: string;
  readonly role: Role;
  readonly totpEnrolled: boolean;
  /** `null`: nothing, the account is complete. Until then the principal has no permissions. */
  readonly next: NextStep | null;
}
