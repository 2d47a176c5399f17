import { recompressionApi } from '@archwire/contracts/api/recompression';
import { Button, ConfirmDialog, toasts, useFormat, useText } from '@archwire/ui';
import { useState } from 'react';
import { useAction } from '../api/use-action.ts';
import { useEndpoint } from '../api/use-endpoint.ts';
import { useMay } from '../api/use-me.ts';
import { messages } from './messages.ts';
import { smaller, totalOf } from './recompression.ts';
import styles from './recompression-page.module.css';

/** How many bytes a study takes where that is less than it came with, and the way back for those who may. */
export const StudySaving = ({
  studyId,
  fallback,
}: {
  readonly studyId: string;
  readonly fallback: string;
}) => {
  const text = useText(messages);
  const format = useFormat();
  const may = useMay('operations.health.write');
  const [asks, setAsks] = useState(false);
  const { data } = useEndpoint(recompressionApi.study, { params: { id: studyId } });
  const restore = useAction(recompressionApi.restore, { changes: [recompressionApi.study] });
  const total = totalOf(smaller(data?.sums ?? []));
  if (total.instances === 0) return fallback;
  const words = { stored: format.bytes(total.storedBytes), received: format.bytes(total.receivedBytes) };
  return (
    <span className={styles.line}>
      <span>{fallback}</span>
      <span>{text('studyLine', words)}</span>
      {(data?.waiting ?? 0) > 0 ? (
        <small>{text('studyWaiting')}</small>
      ) : (
        may && (
          <Button tone="ghost" onPress={() => setAsks(true)}>
            {text('restore')}
          </Button>
        )
      )}
      {asks && (
        <ConfirmDialog
          isOpen
          onClose={() => setAsks(false)}
          title={text('restoreTitle')}
          lead={text('restoreLead', words)}
          action={text('restore')}
          onConfirm={async () => {
            await restore.mutateAsync({ params: { id: studyId } });
            toasts.show({ tone: 'ok', text: text('restored') });
          }}
          explain={() => text('notSaved')}
        />
      )}
    </span>
  );
};
