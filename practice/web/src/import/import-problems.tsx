import { Button, Card, Link, useText } from '@archwire/ui';
import type { EndpointResponse } from '@archwire/contracts/api';
import { importsApi } from '@archwire/contracts/api/imports';
import { useInfiniteQuery } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { useAction } from '../api/use-action.ts';
import { endpointKey } from '../api/use-endpoint.ts';
import styles from './import-page.module.css';
import { messages } from './messages.ts';
import { reasonMessages } from './reason-messages.ts';

type File = EndpointResponse<typeof importsApi.files>['files'][number];

const isReason = (code: string): code is keyof (typeof reasonMessages)['en'] => code in reasonMessages.en;

const Problem = ({ importId, file }: { readonly importId: string; readonly file: File }) => {
  const text = useText(messages);
  const reason = useText(reasonMessages);
  const retry = useAction(importsApi.retry, { changes: [importsApi.files, importsApi.get] });
  const why =
    file.reason !== null && isReason(file.reason)
      ? reason(file.reason)
      : file.outcome === null
        ? ''
        : text(`outcome-${file.outcome}`);
  return (
    <li className={styles.problem}>
      <span className={styles.path}>
        {file.path}
        {file.inside !== null && <small>{text('inside', { archive: file.inside })}</small>}
      </span>
      <span>{why}</span>
      <span>
        {file.retryable && (
          <Button
            isPending={retry.isPending}
            onPress={() => retry.mutate({ params: { id: importId, fileId: file.fileId } })}
          >
            {text('retry')}
          </Button>
        )}
        {file.outcome === 'quarantined' && (
          <Link href="/quarantine" look="quiet">
            {text('inQuarantine')}
          </Link>
        )}
      </span>
    </li>
  );
};

/** The files that a person should look at, or those that are no images, each with what happened and what to do. */
export const ImportProblems = ({
  importId,
  show,
  isRunning,
  unreadable = [],
}: {
  readonly importId: string;
  readonly show: 'problems' | 'skipped';
  readonly isRunning: boolean;
  /** Paths that this browser could not read. */
  readonly unreadable?: readonly string[];
}) => {
  const text = useText(messages);
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: [...endpointKey(importsApi.files), importId, show],
    queryFn: ({ pageParam, signal }) =>
      call(
        importsApi.files,
        { params: { id: importId }, query: { show, ...(pageParam === null ? {} : { after: pageParam }) } },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: isRunning ? 2500 : false,
  });
  const files = data?.pages.flatMap((page) => page.files) ?? [];
  if (files.length + unreadable.length === 0) {
    if (show === 'skipped' || isRunning || data === undefined) return null;
    return (
      <Card title={text('problems')}>
        <p className={styles.quiet}>{text('noProblems')}</p>
      </Card>
    );
  }
  return (
    <Card title={text(show === 'problems' ? 'problems' : 'skippedFiles')}>
      <ul className={styles.problems}>
        {unreadable.map((path) => (
          <li key={path} className={styles.problem}>
            <span className={styles.path}>{path}</span>
            <span>{text('changed')}</span>
          </li>
        ))}
        {files.map((file) => (
          <Problem key={file.fileId} importId={importId} file={file} />
        ))}
      </ul>
      {hasNextPage && (
        <div className={styles.more}>
          <Button isPending={isFetchingNextPage} onPress={() => void fetchNextPage()}>
            {text('more')}
          </Button>
        </div>
      )}
    </Card>
  );
};
