import { operationsApi } from '@archwire/contracts/api/operations';
import { EmptyState, Link, Skeleton, useText } from '@archwire/ui';
import { CircleCheck } from 'lucide-react';
import { useEndpoint } from '../api/use-endpoint.ts';
import styles from './alert-bell.module.css';
import { AlertList } from './alert-list.tsx';
import { AllWell } from './all-well.tsx';
import { messages } from './messages.ts';

/** What the bell rings for. */
export const AlertPanel = ({ onGo }: { readonly onGo: () => void }) => {
  const text = useText(messages);
  const { data } = useEndpoint(operationsApi.alerts, {});
  return (
    <>
      {data === undefined ? (
        <Skeleton lines={3} />
      ) : data.open.length === 0 ? (
        <EmptyState icon={CircleCheck} title={text('allWell')}>
          <AllWell onGo={onGo} />
        </EmptyState>
      ) : (
        <div className={styles.alerts}>
          <AlertList alerts={data.open} onGo={onGo} />
        </div>
      )}
      <Link href="/operations" look="ghost" onPress={onGo}>
        {text('toPage')}
      </Link>
    </>
  );
};
