import { EmptyState, ErrorState, Link, PageHeader, SearchField, Skeleton, useText } from '@archwire/ui';
import { useQuery } from '@tanstack/react-query';
import { FileJson, SearchX } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { send } from '../api/send.ts';
import { ApiDocument, operationsOf, type ApiOperation } from './api-document.ts';
import styles from './developer-page.module.css';
import { messages } from './messages.ts';
import { OperationView } from './operation-view.tsx';

const ADDRESS = '/api/v1/openapi.json';

const matches = (operation: ApiOperation, words: readonly string[]): boolean => {
  const all =
    `${operation.method} ${operation.path} ${operation.summary} ${operation.permission ?? ''} ${operation.id}`.toLowerCase();
  return words.every((word) => all.includes(word));
};

/** The API as its own description says it is, to read and to copy from. */
export const DeveloperPage = () => {
  const text = useText(messages);
  const [search, setSearch] = useState('');
  const asked = useDeferredValue(search);
  const { data, error, refetch } = useQuery({
    queryKey: [ADDRESS],
    queryFn: async ({ signal }) => {
      const answer = await send(ADDRESS, { signal });
      return operationsOf(ApiDocument.parse(await answer.json()));
    },
    staleTime: Infinity,
  });
  const groups = useMemo(() => {
    const words = asked
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    return Map.groupBy(
      (data ?? []).filter((operation) => matches(operation, words)),
      ({ group }) => group,
    );
  }, [data, asked]);
  return (
    <div className={styles.page}>
      <PageHeader
        title={text('title')}
        lead={data === undefined ? undefined : text('lead', { count: data.length })}
        actions={
          <Link look="plain" href={ADDRESS} target="_blank">
            <FileJson size={14} aria-hidden />
            {text('download')}
          </Link>
        }
      >
        <SearchField label={text('search')} value={search} onChange={setSearch} />
      </PageHeader>
      {data === undefined ? (
        error === null ? (
          <Skeleton lines={12} />
        ) : (
          <ErrorState error={error} onRetry={() => void refetch()} />
        )
      ) : groups.size === 0 ? (
        <EmptyState icon={SearchX} title={text('nothing')}>
          {text('nothingHint')}
        </EmptyState>
      ) : (
        <div className={styles.columns}>
          <nav aria-label={text('groups')}>
            <ul>
              {[...groups].map(([group, operations]) => (
                <li key={group}>
                  <a href={`#${group}`}>
                    {group}
                    <small>{operations.length}</small>
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          <div className={styles.groups}>
            {[...groups].map(([group, operations]) => (
              <section key={group} id={group} aria-label={group}>
                <h2>{group}</h2>
                <div className={styles.list}>
                  {operations.map((operation) => (
                    <OperationView key={`${operation.method} ${operation.path}`} operation={operation} />
                  ))}
                </div>
              </section>
            ))}
          </div>
        </div>
      )}
    </div>
  );
};
