import { ErrorState, Skeleton } from '@archwire/ui';
import { accountsApi } from '@archwire/contracts/api/accounts';
import { useEndpoint } from '../api/use-endpoint.ts';
import { AboutYou } from './about-you.tsx';
import { ChangePassword } from './change-password.tsx';
import { SecondFactor } from './second-factor.tsx';

/** One's own account. */
export const ProfilePage = () => {
  const { data: me, error, refetch } = useEndpoint(accountsApi.me, {});
  if (me === undefined)
    return error === null ? (
      <Skeleton height={240} />
    ) : (
      <ErrorState error={error} onRetry={() => void refetch()} />
    );
  return (
    <>
      <AboutYou key={me.displayName} me={me} />
      <ChangePassword email={me.email} />
      <SecondFactor me={me} />
    </>
  );
};
