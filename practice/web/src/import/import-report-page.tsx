import { importsApi } from '@archwire/contracts/api/imports';
import { ErrorState, Link, PageHeader, Skeleton, Status, useFormat, useText } from '@archwire/ui';
import { useParams } from 'react-router';
import { useEndpoint } from '../api/use-endpoint.ts';
import styles from './import-page.module.css';
import { ImportReport } from './import-report.tsx';
import { messages } from './messages.ts';

/** What an earlier import brought. */
export const ImportReportPage = () => {
  const text = useText(messages);
  const format = useFormat();
  const { id = '' } = useParams();
  const { data, error, refetch } = useEndpoint(importsApi.get, { params: { id } });
  if (error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton lines={6} />;
  return (
    <div className={styles.page}>
      <PageHeader
        title={data.source ?? format.dateTime(data.createdAt)}
        lead={[
          data.locationName,
          data.createdBy,
          data.source === null ? null : format.dateTime(data.createdAt),
        ]
          .filter((word) => word !== null)
          .join(' · ')}
        actions={
          <>
            <Status tone={data.state === 'done' ? 'ok' : 'info'}>{text(data.state)}</Status>
            <Link href="/import" look="plain">
              {text('back')}
            </Link>
          </>
        }
      />
      <ImportReport importId={id} isRunning={data.state === 'open' || data.state === 'finishing'} />
    </div>
  );
};
