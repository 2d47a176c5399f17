import type { Database } from '@archwire/database';
import { createAccessTokens } from './access-token.ts';
import { type ApiKeyService, createApiKeyService } from './api-key-service.ts';
import { type Authenticator, createAuthenticator } from './authenticator.ts';
import { createOwnAccount, type OwnAccount } from './own-account.ts';
import { createOwnProfile, type OwnProfile } from './own-profile.ts';
import { createOwnTotp, type OwnTotp } from './own-totp.ts';
import { createPasswordReset, type PasswordReset } from './password-reset.ts';
import type { SecretBox } from './secret-box.ts';
import { createSignIn, type SignIn } from './sign-in.ts';
import { loadSigningKey } from './signing-key.ts';
import { sealPlainTotp } from './totp-secret.ts';
import type { TotpPolicy } from './user-row.ts';
import { createUserService, type UserService } from './user-service.ts';

export interface Accounts {
  readonly authenticator: Authenticator;
  readonly signIn: SignIn;
  readonly own: OwnAccount;
  readonly profile: OwnProfile;
  readonly totp: OwnTotp;
  readonly passwordReset: PasswordReset;
  readonly users: UserService;
  readonly apiKeys: ApiKeyService;
}

/**
 * `totp.required` is the rule for administrators and clinicians. `totp.exemptEmail` is the one exception: the
 * administrator whose password the operator put into the environment of a server that only listens on loopback.
 */
export const createAccounts = async (deps: {
  readonly database: Pick<Database, 'knex' | 'withTenant'>;
  readonly box: SecretBox;
  readonly totp: TotpPolicy;
  /** Whether letters can be sent (`createLetterSender`); without it, nobody is promised one. */
  readonly mail?: boolean;
  readonly onError?: (error: unknown) => void;
  readonly clock?: () => Date;
}): Promise<Accounts> => {
  const { database, box, totp, mail = false } = deps;
  const clock = deps.clock ?? (() => new Date());
  const accessTokens = createAccessTokens({ key: await loadSigningKey(database, 'access-token'), clock });
  const authenticator = createAuthenticator({ database, accessTokens, clock, totp });
  await sealPlainTotp(database, box);
  const shared = { database, box, clock, mail, forget: () => authenticator.forget() };
  return {
    authenticator,
    signIn: createSignIn({ ...shared, accessTokens, totp }),
    own: createOwnAccount(shared),
    profile: createOwnProfile(shared),
    totp: createOwnTotp(shared),
    passwordReset: createPasswordReset({ ...shared, onError: deps.onError ?? (() => {}) }),
    users: createUserService(shared),
    apiKeys: createApiKeyService(shared),
  };
};
