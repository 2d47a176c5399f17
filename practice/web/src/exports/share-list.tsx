import { type Share, sharesApi } from '@archwire/contracts/api/shares';
import {
  Button,
  Card,
  EmptyState,
  ErrorState,
  Link,
  personName,
  Skeleton,
  Status,
  type StatusTone,
  toasts,
  useFormat,
  useText,
} from '@archwire/ui';
import { Link2 } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../api/use-action.ts';
import { useEndpoint } from '../api/use-endpoint.ts';
import styles from './exports.module.css';
import { messages } from './messages.ts';

const TONES: Readonly<Record<Share['state'], StatusTone>> = {
  open: 'ok',
  expired: 'idle',
  revoked: 'idle',
  locked: 'warn',
};

const Row = ({ each }: { readonly each: Share }) => {
  const text = useText(messages);
  const format = useFormat();
  const revoke = useAction(sharesApi.revoke, { changes: [sharesApi.list] });
  return (
    <li>
      <span className={styles.mark}>
        <Link2 size={18} aria-hidden />
      </span>
      <div className={styles.grow}>
        <div className={styles.row}>
          <Link look="quiet" href={`/studies/${each.studyId}`}>
            {personName(each.patientName) ?? text('noName')}
          </Link>
          <Status tone={TONES[each.state]} quiet>
            {text(`link-${each.state}`)}
          </Status>
        </div>
        <p className={styles.quiet}>
          {[
            each.studyDate === null ? '' : format.date(each.studyDate),
            each.download === 'none' ? '' : text(each.download),
            each.hasPasscode ? text('withPasscode') : '',
            text('openings', { count: each.openings }),
            each.createdBy === null ? '' : text('by', { name: each.createdBy }),
            each.state === 'open' ? text('until', { when: format.dateTime(each.expiresAt) }) : '',
          ]
            .filter((part) => part !== '')
            .join(' · ')}
        </p>
      </div>
      {(each.state === 'open' || each.state === 'locked') && (
        <Button
          isPending={revoke.isPending}
          onPress={() =>
            revoke.mutate(
              { params: { id: each.id } },
              {
                onSuccess: () => toasts.show({ tone: 'ok', text: text('closed') }),
                onError: () => toasts.show({ tone: 'danger', text: text('failed') }),
              },
            )
          }
        >
          {text('close')}
        </Button>
      )}
    </li>
  );
};

/** Links that were made, newest first, with the way to close each. */
export const ShareList = ({ after, isFirst }: { readonly after?: string; readonly isFirst?: boolean }) => {
  const text = useText(messages);
  const [more, setMore] = useState(false);
  const { data, error, refetch } = useEndpoint(
    sharesApi.list,
    { query: after === undefined ? {} : { after } },
    { refetchOnMount: 'always' },
  );
  if (error !== null && data === undefined)
    return <ErrorState error={error} onRetry={() => void refetch()} />;
  const rows = (
    <>
      <ul className={styles.list}>
        {data?.shares.map((each) => (
          <Row key={each.id} each={each} />
        ))}
      </ul>
      {data?.next !== null && data?.next !== undefined && !more && (
        <Button onPress={() => setMore(true)}>{text('more')}</Button>
      )}
      {more && data?.next !== null && data?.next !== undefined && <ShareList after={data.next} />}
    </>
  );
  if (isFirst !== true) return rows;
  return (
    <Card title={text('links')}>
      <p className={styles.quiet}>{text('linksLead')}</p>
      {data === undefined ? (
        <Skeleton lines={4} />
      ) : data.shares.length === 0 ? (
        <EmptyState icon={Link2} title={text('noLinks')}>
          {text('noLinksHint')}
        </EmptyState>
      ) : (
        rows
      )}
    </Card>
  );
};
