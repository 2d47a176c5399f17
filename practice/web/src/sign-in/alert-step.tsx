import { accountsApi } from '@archwire/contracts/api/accounts';
import { Button, useFormat, useText } from '@archwire/ui';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { call } from '../api/call.ts';
import { endpointKey } from '../api/use-endpoint.ts';
import { Door } from './door.tsx';
import styles from './door.module.css';
import { messages } from './messages.ts';
import { useWork } from './use-work.ts';

/** What happened to the account while the person was away; shown until they have read it. */
export const AlertStep = ({ at }: { readonly at: string }) => {
  const text = useText(messages);
  const format = useFormat();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { working, run } = useWork();
  const acknowledge = async () => {
    await call(accountsApi.acknowledgeAlert, {});
    await client.invalidateQueries({ queryKey: endpointKey(accountsApi.me) });
  };
  return (
    <Door title={text('alertTitle')} lead={text('alertText', { time: format.dateTime(at) })}>
      <div className={styles.form}>
        <Button
          tone="primary"
          wide
          isPending={working}
          onPress={() =>
            void run(async () => {
              await navigate('/settings/profile', { replace: true });
              await acknowledge();
            })
          }
        >
          {text('changePassword')}
        </Button>
        <Button wide onPress={() => void run(acknowledge)}>
          {text('goOn')}
        </Button>
      </div>
    </Door>
  );
};
