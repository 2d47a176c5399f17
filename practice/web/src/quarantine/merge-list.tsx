import type { EndpointResponse } from '@archwire/contracts/api';
import { imagingApi } from '@archwire/contracts/api/imaging';
import {
  Button,
  ConfirmDialog,
  EmptyState,
  ErrorState,
  personName,
  Skeleton,
  toasts,
  useFormat,
  useText,
} from '@archwire/ui';
import { Merge, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../api/use-action.ts';
import { useEndpoint } from '../api/use-endpoint.ts';
import { messages } from './messages.ts';
import styles from './quarantine.module.css';

type PatientMerge = EndpointResponse<typeof imagingApi.merges>['merges'][number];

/** Merges of patients that stand, each with a way back. */
export const MergeList = () => {
  const text = useText(messages);
  const format = useFormat();
  const [asked, setAsked] = useState<PatientMerge>();
  const { data, error, refetch } = useEndpoint(imagingApi.merges, {});
  const undo = useAction(imagingApi.undoMerge, {
    changes: [imagingApi.merges],
    onSuccess: () => void toasts.show({ text: text('parted'), tone: 'ok' }),
  });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton height={200} />;
  if (data.merges.length === 0) {
    return (
      <EmptyState icon={Merge} title={text('noMerges')}>
        {text('noMergesText')}
      </EmptyState>
    );
  }
  const who = (name: string | null, birthDate: string | null) => (
    <span className={styles.person}>
      <strong>{personName(name, 'sorted') ?? text('noName')}</strong>
      <span className={styles.quiet}>{birthDate === null ? text('unknown') : format.date(birthDate)}</span>
    </span>
  );
  return (
    <>
      <ul className={styles.merges} aria-label={text('merges')}>
        {data.merges.map((merge) => (
          <li key={merge.mergeId}>
            {who(merge.mergedName, merge.mergedBirthDate)}
            <span className={styles.quiet}>{text('into')}</span>
            {who(merge.survivorName, merge.survivorBirthDate)}
            <span className={styles.quiet}>
              {text('movedStudies', { count: merge.studyCount })}
              {', '}
              {merge.mergedByName === null
                ? text('mergedOn', { ago: format.relative(merge.mergedAt) })
                : text('mergedBy', { ago: format.relative(merge.mergedAt), who: merge.mergedByName })}
            </span>
            <Button onPress={() => setAsked(merge)}>
              <Undo2 size={15} aria-hidden />
              {text('undoMerge')}
            </Button>
          </li>
        ))}
      </ul>
      <ConfirmDialog
        isOpen={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title={text('undoMerge')}
        lead={text('undoMergeLead', { name: personName(asked?.mergedName) ?? text('noName') })}
        action={text('undoMerge')}
        asksForReason
        onConfirm={(reason) => undo.mutateAsync({ params: { id: asked?.mergeId ?? '' }, body: { reason } })}
        explain={() => text('failed')}
      />
    </>
  );
};
