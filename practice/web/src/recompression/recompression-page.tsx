import { recompressionApi } from '@archwire/contracts/api/recompression';
import { Card, EmptyState, ErrorState, Link, PageHeader, Skeleton, useFormat, useText } from '@archwire/ui';
import { ArrowLeft, Minimize2 } from 'lucide-react';
import { useEndpoint } from '../api/use-endpoint.ts';
import { KindBars } from './kind-bars.tsx';
import { LeftAloneList } from './left-alone-list.tsx';
import { messages } from './messages.ts';
import { PolicyCard } from './policy-card.tsx';
import { type Report, shareSaved, smaller, totalOf } from './recompression.ts';
import styles from './recompression-page.module.css';

const REFRESH_MS = 5000;

/** One kind may have been counted for several outcomes; here only what became smaller counts. */
const byKind = (report: Report) =>
  [...Map.groupBy(smaller(report.sums), ({ kind }) => kind)]
    .map(([kind, same]) => ({ kind, outcome: 'recompressed' as const, ...totalOf(same) }))
    .toSorted((a, b) => b.receivedBytes - a.receivedBytes);

const Saving = ({ report }: { readonly report: Report }) => {
  const text = useText(messages);
  const format = useFormat();
  const total = totalOf(smaller(report.sums));
  if (total.instances === 0)
    return (
      <Card>
        <EmptyState icon={Minimize2} title={text('nothing')}>
          {text(report.policy === 'off' ? 'nothingOff' : 'nothingOn')}
        </EmptyState>
      </Card>
    );
  return (
    <Card title={text('byKind')}>
      <p className={styles.big}>
        <b>{format.percent(shareSaved(total))}</b>
        <span>{text('savedShare')}</span>
      </p>
      <p className={styles.small}>
        {text('savedOf', {
          saved: format.bytes(total.receivedBytes - total.storedBytes),
          received: format.bytes(total.receivedBytes),
        })}
      </p>
      <KindBars sums={byKind(report)} />
      <p className={styles.quiet}>{text('byKindLead')}</p>
    </Card>
  );
};

/** `/operations/storage`: what lossless recompression saves, when it is done, and what it does not touch. */
export const RecompressionPage = () => {
  const text = useText(messages);
  const { data, error, refetch } = useEndpoint(recompressionApi.report, {}, { refetchInterval: REFRESH_MS });
  return (
    <div className={styles.page}>
      <PageHeader
        title={text('title')}
        lead={text('lead')}
        actions={
          <Link href="/operations" look="plain">
            <ArrowLeft size={14} aria-hidden />
            {text('back')}
          </Link>
        }
      />
      {error !== null && data === undefined ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Card>
          <Skeleton lines={6} />
        </Card>
      ) : (
        <div className={styles.columns}>
          <div className={styles.column}>
            <Saving report={data} />
            <LeftAloneList sums={data.sums} />
          </div>
          <PolicyCard key={data.policy} report={data} />
        </div>
      )}
    </div>
  );
};
