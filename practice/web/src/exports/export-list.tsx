import { type Export, exportsApi } from '@archwire/contracts/api/exports';
import {
  Button,
  Card,
  EmptyState,
  ErrorState,
  Link,
  personName,
  Progress,
  Skeleton,
  Status,
  type StatusTone,
  toasts,
  useFormat,
  useText,
} from '@archwire/ui';
import { Download, FileArchive, Images, PackageOpen } from 'lucide-react';
import { useState } from 'react';
import { useAction } from '../api/use-action.ts';
import { useEndpoint } from '../api/use-endpoint.ts';
import styles from './exports.module.css';
import { messages } from './messages.ts';

const TONES: Readonly<Record<Export['state'], StatusTone>> = {
  queued: 'info',
  running: 'info',
  done: 'ok',
  failed: 'danger',
  cancelled: 'idle',
  expired: 'idle',
};
const REASONS = ['opaque', 'burned-in', 'face', 'unsupported', 'damaged', 'no-picture'] as const;

const Row = ({ each }: { readonly each: Export }) => {
  const text = useText(messages);
  const format = useFormat();
  const remove = useAction(exportsApi.remove, { changes: [exportsApi.list] });
  const isActive = each.state === 'queued' || each.state === 'running';
  const isThere = each.state === 'done';
  const why = REASONS.filter((reason) => (each.leftOut[reason] ?? 0) > 0).map((id) => text(`why-${id}`));
  const count = Object.values(each.leftOut).reduce((sum, one) => sum + one, 0);
  const Icon = each.format === 'jpeg' ? Images : FileArchive;
  const address = each.studyId === null ? `/patients/${each.patientId ?? ''}` : `/studies/${each.studyId}`;
  return (
    <li>
      <span className={styles.mark}>
        <Icon size={18} aria-hidden />
      </span>
      <div className={styles.grow}>
        <div className={styles.row}>
          <Link look="quiet" href={address}>
            {personName(each.patientName) ?? text('noName')}
          </Link>
          <Status tone={TONES[each.state]} quiet>
            {text(`state-${each.state}`)}
          </Status>
        </div>
        <p className={styles.quiet}>
          {[
            text(each.format),
            each.studyId === null
              ? text('allOfPatient')
              : each.studyDate === null
                ? ''
                : format.date(each.studyDate),
            text(each.identity),
            each.bytes > 0 ? format.bytes(each.bytes) : '',
            each.createdBy === null ? '' : text('by', { name: each.createdBy }),
            isThere ? text('until', { when: format.dateTime(each.expiresAt) }) : '',
          ]
            .filter((part) => part !== '')
            .join(' · ')}
        </p>
        {isActive && (
          <Progress
            label={text(`state-${each.state}`)}
            {...(each.total === 0
              ? {}
              : {
                  value: each.done,
                  max: each.total,
                  hint: text('progress', { done: each.done, total: each.total }),
                })}
          />
        )}
        {count > 0 && <p className={styles.warn}>{text('leftOut', { count, why: format.list(why) })}</p>}
      </div>
      <div className={styles.row}>
        {isThere && (
          <a className={styles.download} href={`/api/v1/exports/${each.id}/file`} download>
            <Download size={15} aria-hidden />
            {text('download')}
          </a>
        )}
        {(isActive || isThere) && (
          <Button
            isPending={remove.isPending}
            onPress={() =>
              remove.mutate(
                { params: { id: each.id } },
                { onError: () => toasts.show({ tone: 'danger', text: text('failed') }) },
              )
            }
          >
            {text(isActive ? 'stop' : 'remove')}
          </Button>
        )}
      </div>
    </li>
  );
};

const ACTIVE_MS = 3000;

/** Exports, newest first; those under way show how far they are. */
export const ExportList = ({ after, isFirst }: { readonly after?: string; readonly isFirst?: boolean }) => {
  const text = useText(messages);
  const [more, setMore] = useState(false);
  const { data, error, refetch } = useEndpoint(
    exportsApi.list,
    { query: after === undefined ? {} : { after } },
    {
      refetchOnMount: 'always',
      // Live events say it sooner; this is for when they do not come.
      refetchInterval: ({ state }) =>
        state.data?.exports.some((each) => each.state === 'queued' || each.state === 'running') === true
          ? ACTIVE_MS
          : false,
    },
  );
  if (error !== null && data === undefined)
    return <ErrorState error={error} onRetry={() => void refetch()} />;
  const rows = (
    <>
      <ul className={styles.list}>
        {data?.exports.map((each) => (
          <Row key={each.id} each={each} />
        ))}
      </ul>
      {data?.next !== null && data?.next !== undefined && !more && (
        <Button onPress={() => setMore(true)}>{text('more')}</Button>
      )}
      {more && data?.next !== null && data?.next !== undefined && <ExportList after={data.next} />}
    </>
  );
  if (isFirst !== true) return rows;
  return (
    <Card title={text('exports')}>
      <p className={styles.quiet}>{text('exportsLead')}</p>
      {data === undefined ? (
        <Skeleton lines={4} />
      ) : data.exports.length === 0 ? (
        <EmptyState icon={PackageOpen} title={text('noExports')}>
          {text('noExportsHint')}
        </EmptyState>
      ) : (
        rows
      )}
    </Card>
  );
};
