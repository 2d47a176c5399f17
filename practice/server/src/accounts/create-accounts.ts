import type { Database } from '@archwire/database';
import { createAccessTokens } from './access-token.ts';
import { type ApiKeyService, createApiKeyService } from './api-key-service.ts';
import { type Authenticator, createAuthenticator } from './authenticator.ts';
import { createOwnAccount, type OwnAccount } from './own-account.ts';
import { createSignIn, type SignIn } from './sign-in.ts';
import { loadSigningKey } from './signing-key.ts';
import type { TotpPolicy } from './user-row.ts';
import { createUserService, type UserService } from './user-service.ts';

export interface Accounts {
  readonly authenticator: Authenticator;
  readonly signIn: SignIn;
  readonly own: OwnAccount;
  readonly users: UserService;
  readonly apiKeys: ApiKeyService;
}

/**
 * `totp.required` is the rule for administrators and clinicians. `totp.exemptEmail` is the one exception: the
 * administrator whose password the operator put into the environment of a server that only listens on loopback.
 */
export const createAccounts = async (deps: {
  readonly database: Pick<Database, 'knex' | 'withTenant'>;
  readonly totp: TotpPolicy;
  readonly clock?: () => Date;
}): Promise<Accounts> => {
  const { database, totp } = deps;
  const clock = deps.clock ?? (() => new Date());
  const accessTokens = createAccessTokens({ key: await loadSigningKey(database, 'access-token'), clock });
  const authenticator = createAuthenticator({ database, accessTokens, clock, totp });
  const shared = { database, clock, forget: () => authenticator.forget() };
  return {
    authenticator,
    signIn: createSignIn({ ...shared, accessTokens, totp }),
    own: createOwnAccount(shared),
    users: createUserService(shared),
    apiKeys: createApiKeyService(shared),
  };
};
