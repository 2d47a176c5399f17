import { setupApi } from '@archwire/contracts/api/setup';
import { call } from '../api/call.ts';
import type { Me } from '../api/use-me.ts';

/** Where somebody begins who did not want to go anywhere in particular: an administrator of an empty group sets it up. */
export const firstPage = async (me: Me): Promise<string> => {
  if (!me.permissions.includes('accounts.group.write')) return '/';
  const setup = await call(setupApi.read, {}).catch(() => undefined);
  return setup?.fresh === true ? '/welcome' : '/';
};
