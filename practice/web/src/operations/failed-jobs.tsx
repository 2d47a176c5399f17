import type { EndpointResponse } from '@archwire/contracts/api';
import { operationsApi } from '@archwire/contracts/api/operations';
import {
  Button,
  Card,
  ConfirmDialog,
  ErrorState,
  Link,
  Skeleton,
  toasts,
  useFormat,
  useText,
} from '@archwire/ui';
import { CircleCheck, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../api/use-action.ts';
import { useEndpoint } from '../api/use-endpoint.ts';
import { useMay } from '../api/use-me.ts';
import { jobReason, reasonMessages } from './job-reason.ts';
import { messages } from './messages.ts';
import styles from './operations-page.module.css';
import { useQueueName } from './work-card.tsx';

type Job = EndpointResponse<typeof operationsApi.failedJobs>['jobs'][number];

const CHANGES = [operationsApi.failedJobs, operationsApi.overview, operationsApi.alerts];
const REFRESH_MS = 10_000;

/** What was given up, why, and two ways on: start over, or forget. */
export const FailedJobs = () => {
  const text = useText(messages);
  const reasonText = useText(reasonMessages);
  const format = useFormat();
  const queueName = useQueueName();
  const may = useMay('operations.health.write');
  const { data, error, refetch } = useEndpoint(operationsApi.failedJobs, {}, { refetchInterval: REFRESH_MS });
  const onError = () => toasts.show({ text: text('notDone'), tone: 'danger' });
  const said = (count: number) => toasts.show({ text: text('retried', { count }), tone: 'ok' });
  const retry = useAction(operationsApi.retryJob, { changes: CHANGES, onError, onSuccess: () => said(1) });
  const retryAll = useAction(operationsApi.retryJobs, {
    changes: CHANGES,
    onError,
    onSuccess: ({ count }) => said(count),
  });
  const discard = useAction(operationsApi.discardJob, { changes: CHANGES });
  const [leaving, setLeaving] = useState<Job>();
  const jobs = data?.jobs ?? [];
  const isBusy = ({ queue, id }: Job): boolean =>
    retry.isPending && retry.variables.params.queue === queue && retry.variables.params.id === id;
  return (
    <Card
      title={text('failedJobs')}
      meta={jobs.length === 0 ? undefined : format.number(jobs.length)}
      actions={
        may && jobs.length > 1 ? (
          <Button isPending={retryAll.isPending} onPress={() => retryAll.mutate({})}>
            <RotateCcw size={14} aria-hidden />
            {text('retryAll')}
          </Button>
        ) : undefined
      }
    >
      {data === undefined ? (
        error === null ? (
          <Skeleton lines={3} />
        ) : (
          <ErrorState error={error} onRetry={() => void refetch()} />
        )
      ) : jobs.length === 0 ? (
        <div className={styles.calm}>
          <CircleCheck size={20} aria-hidden />
          <div>
            <b>{text('noFailedJobs')}</b>
            <p>{text('noFailedJobsHint')}</p>
          </div>
        </div>
      ) : (
        <ul className={styles.jobs}>
          {jobs.map((job) => (
            <li key={`${job.queue} ${job.id}`}>
              <div>
                <p className={styles.jobHead}>
                  <b>{queueName(job.queue)}</b>
                  <span>
                    {[
                      job.failedAt === null ? '' : format.relative(job.failedAt),
                      text('attempts', { count: job.attempts }),
                      job.instances === null ? '' : text('images', { count: job.instances }),
                      job.own ? '' : text('otherGroup'),
                    ]
                      .filter((part) => part !== '')
                      .join(' · ')}
                  </span>
                </p>
                <p>{jobReason(job.reason, reasonText)}</p>
                {job.studyId !== null && (
                  <Link look="quiet" href={`/studies/${job.studyId}`}>
                    {text('openStudy')}
                  </Link>
                )}
              </div>
              {may && (
                <div className={styles.jobActions}>
                  <Button tone="ghost" onPress={() => setLeaving(job)}>
                    {text('discard')}
                  </Button>
                  <Button
                    isPending={isBusy(job)}
                    onPress={() => retry.mutate({ params: { queue: job.queue, id: job.id } })}
                  >
                    <RotateCcw size={14} aria-hidden />
                    {text('retry')}
                  </Button>
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
      <ConfirmDialog
        isOpen={leaving !== undefined}
        onClose={() => setLeaving(undefined)}
        title={text('discardTitle')}
        lead={text('discardLead')}
        action={text('discard')}
        isDangerous
        onConfirm={async () => {
          if (leaving !== undefined)
            await discard.mutateAsync({ params: { queue: leaving.queue, id: leaving.id } });
        }}
        explain={() => text('notDone')}
      />
    </Card>
  );
};
