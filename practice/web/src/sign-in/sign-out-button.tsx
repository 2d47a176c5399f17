import { accountsApi } from '@archwire/contracts/api/accounts';
import { Button, useText } from '@archwire/ui';
import { useQueryClient } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { session } from '../api/session.ts';
import { messages } from './messages.ts';

/** The way out for somebody who does not want to finish signing in. */
export const SignOutButton = () => {
  const text = useText(messages);
  const client = useQueryClient();
  const leave = async () => {
    await call(accountsApi.signOut, {}).catch(() => {});
    client.clear();
    session.end(false);
  };
  return (
    <Button tone="ghost" wide onPress={() => void leave()}>
      {text('signOut')}
    </Button>
  );
};
