import { operationsApi } from '@archwire/contracts/api/operations';
import {
  Card,
  DefinitionList,
  ErrorState,
  PageHeader,
  Skeleton,
  Status,
  useFormat,
  useText,
} from '@archwire/ui';
import {
  CircleCheck,
  Database,
  HardDrive,
  Layers,
  ListChecks,
  type LucideIcon,
  NotebookPen,
} from 'lucide-react';
import { useEndpoint } from '../api/use-endpoint.ts';
import { useLiveState } from '../live/use-live-state.ts';
import { AlertList } from './alert-list.tsx';
import { AllWell } from './all-well.tsx';
import { alertWords, partName } from './alert-words.ts';
import { AssociationList } from './association-list.tsx';
import { FailedJobs } from './failed-jobs.tsx';
import { messages } from './messages.ts';
import { NodeList } from './node-list.tsx';
import styles from './operations-page.module.css';
import type { Overview } from './overview.ts';
import { StorageCard } from './storage-card.tsx';
import { ThroughputCard } from './throughput-card.tsx';
import { WorkCard } from './work-card.tsx';

const REFRESH_MS = 5000;
const ICONS: Readonly<Record<string, LucideIcon>> = {
  database: Database,
  queue: ListChecks,
  store: Layers,
  journal: NotebookPen,
  disk: HardDrive,
};

const Parts = ({ parts }: { readonly parts: Overview['parts'] }) => {
  const text = useText(messages);
  return (
    <ul className={styles.tiles} aria-label={text('parts')}>
      {parts.map(({ name, reason }) => {
        const Icon = ICONS[name] ?? Layers;
        return (
          <li key={name} data-well={reason === null}>
            <Icon size={18} aria-hidden />
            <b>{partName(text, name)}</b>
            <Status tone={reason === null ? 'ok' : 'danger'} quiet>
              {reason ?? text('well')}
            </Status>
          </li>
        );
      })}
    </ul>
  );
};

const Matter = () => {
  const text = useText(messages);
  const { data } = useEndpoint(operationsApi.alerts, {}, { refetchInterval: REFRESH_MS * 2 });
  if (data === undefined) return <Skeleton height={72} />;
  const { open } = data;
  if (open.length === 0) {
    return (
      <section className={styles.well} role="status">
        <CircleCheck size={26} aria-hidden />
        <div>
          <h2>{text('allWell')}</h2>
          <p>
            <AllWell />
          </p>
        </div>
      </section>
    );
  }
  const unknown = open.filter(({ acknowledgedAt }) => acknowledgedAt === null);
  const critical = unknown.filter(({ severity }) => severity === 'critical').length;
  return (
    <section className={styles.matter} aria-labelledby="matter">
      <h2 id="matter">
        {unknown.length === 0
          ? text('knownOnly', { count: open.length })
          : text('needs', { count: unknown.length })}
        {critical > 0 && <Status tone="danger">{text('needsCritical', { count: critical })}</Status>}
      </h2>
      <AlertList alerts={open} />
    </section>
  );
};

const History = () => {
  const text = useText(messages);
  const format = useFormat();
  const { data } = useEndpoint(operationsApi.alerts, {});
  return (
    <Card title={text('history')}>
      {data === undefined ? (
        <Skeleton lines={3} />
      ) : data.cleared.length === 0 ? (
        <p className={styles.quiet}>{text('historyNone')}</p>
      ) : (
        <ol className={styles.history}>
          {data.cleared.map((alert) => (
            <li key={alert.id}>
              <span>{alertWords(alert, text, format).title}</span>
              <small>
                {text('lasted', {
                  from: format.dateTime(alert.raisedAt),
                  to: format.dateTime(alert.clearedAt ?? alert.raisedAt),
                })}
              </small>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
};

const Versions = ({ overview: { versions, startedAt } }: { readonly overview: Overview }) => {
  const text = useText(messages);
  const format = useFormat();
  return (
    <Card title={text('versions')}>
      <DefinitionList
        items={[
          { label: text('app'), value: versions.app },
          { label: text('viewer'), value: versions.viewer },
          { label: text('node'), value: versions.node },
          { label: text('postgres'), value: versions.postgres },
          { label: text('schema'), value: versions.schema },
          { label: text('queueKind'), value: text(`queueKind-${versions.queue}`) },
          { label: text('upSince'), value: format.dateTime(startedAt) },
        ]}
      />
    </Card>
  );
};

/** How the archive is, for whoever looks after it. */
export const OperationsPage = () => {
  const text = useText(messages);
  const live = useLiveState();
  const { data, error, refetch } = useEndpoint(operationsApi.overview, {}, { refetchInterval: REFRESH_MS });
  return (
    <div className={styles.page}>
      <PageHeader
        title={text('title')}
        lead={text('lead')}
        actions={
          <Status tone={live === 'live' ? 'ok' : 'idle'} quiet>
            {text(live === 'live' ? 'live' : 'polling')}
          </Status>
        }
      />
      <Matter />
      {data === undefined ? (
        error === null ? (
          <Skeleton height={340} />
        ) : (
          <ErrorState error={error} onRetry={() => void refetch()} />
        )
      ) : (
        <>
          <Parts parts={data.parts} />
          <div className={styles.grid}>
            <div>
              <ThroughputCard />
              <FailedJobs />
              <AssociationList />
              <History />
            </div>
            <div>
              <StorageCard overview={data} />
              <WorkCard overview={data} />
              {data.installation !== null && <NodeList nodes={data.installation.nodes} />}
              <Versions overview={data} />
            </div>
          </div>
        </>
      )}
    </div>
  );
};
