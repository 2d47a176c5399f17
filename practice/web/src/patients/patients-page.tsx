import { patientsApi } from '@archwire/contracts/api/patients';
import type { EndpointResponse } from '@archwire/contracts/api';
import {
  Avatar,
  Badge,
  type Column,
  EmptyState,
  ErrorState,
  PageHeader,
  personName,
  SearchField,
  Skeleton,
  useFormat,
  useText,
  VirtualTable,
} from '@archwire/ui';
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { UserRoundSearch, Users } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { useNavigate } from 'react-router';
import { call } from '../api/call.ts';
import { endpointKey, endpointQuery } from '../api/use-endpoint.ts';
import { messages } from './messages.ts';
import styles from './patients-page.module.css';
import { usePatientWords } from './use-patient-words.ts';

type Row = EndpointResponse<typeof patientsApi.search>['patients'][number];

const pageOf = ({ patientId }: Row): string => `/patients/${patientId}`;

/** Everybody who was ever imaged, and a search. */
export const PatientsPage = () => {
  const text = useText(messages);
  const format = useFormat();
  const words = usePatientWords();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [typed, setTyped] = useState('');
  const search = useDeferredValue(typed.trim());
  const query = useInfiniteQuery({
    queryKey: endpointKey(patientsApi.search, { text: search }),
    queryFn: async ({ pageParam, signal }) =>
      await call(
        patientsApi.search,
        { body: { text: search, ...(pageParam === null ? {} : { after: pageParam }) } },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
  const rows = query.data?.pages.flatMap(({ patients }) => patients) ?? [];

  const columns: readonly Column<Row>[] = [
    {
      id: 'name',
      title: text('name'),
      isRowHeader: true,
      width: 'minmax(190px, 2fr)',
      cell: (row) => (
        <span className={styles.name}>
          <Avatar name={row.name ?? ''} />
          <span className={styles.words}>
            <b>{personName(row.name, 'sorted') ?? text('noName')}</b>
            <small>
              {[words.age(row.birthDate), words.sex(row.sex)]
                .filter((word) => word !== undefined)
                .join(' · ')}
            </small>
          </span>
        </span>
      ),
    },
    {
      id: 'born',
      title: text('birthDate'),
      width: '120px',
      isWideOnly: true,
      cell: ({ birthDate }) => (birthDate === null ? '—' : format.date(birthDate)),
    },
    {
      id: 'ids',
      title: text('patientId'),
      width: 'minmax(120px, 1.2fr)',
      isWideOnly: true,
      cell: ({ recordNumber, patientIds, registration }) => (
        <span className={styles.ids}>
          {recordNumber ?? patientIds[0] ?? '—'}
          {registration === 'imaging-only' && <Badge>{text('imagingOnly')}</Badge>}
        </span>
      ),
    },
    {
      id: 'studies',
      title: text('studies'),
      width: '84px',
      align: 'end',
      cell: ({ studyCount }) => format.number(studyCount),
    },
    {
      id: 'last',
      title: text('lastStudy'),
      width: '120px',
      align: 'end',
      isWideOnly: true,
      cell: ({ lastStudyDate }) => (lastStudyDate === null ? '—' : format.date(lastStudyDate)),
    },
  ];

  return (
    <div className={styles.page}>
      <PageHeader title={text('patients')}>
        <SearchField
          label={text('search')}
          placeholder={text('searchHint')}
          value={typed}
          onChange={setTyped}
        />
      </PageHeader>
      <div className={styles.list} aria-busy={query.isFetching}>
        {query.isError && rows.length === 0 ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : query.isPending ? (
          <Skeleton lines={8} />
        ) : (
          <VirtualTable
            label={text('patients')}
            columns={columns}
            rows={rows}
            idOf={({ patientId }) => patientId}
            hrefOf={pageOf}
            hasMore={query.hasNextPage}
            isLoadingMore={query.isFetchingNextPage}
            onMore={() => void query.fetchNextPage()}
            onOpen={(row) => void navigate(pageOf(row))}
            onNear={({ patientId }) =>
              void client.prefetchQuery(endpointQuery(patientsApi.get, { params: { id: patientId } }))
            }
            empty={
              search === '' ? (
                <EmptyState icon={Users} title={text('noPatients')}>
                  {text('noPatientsHint')}
                </EmptyState>
              ) : (
                <EmptyState icon={UserRoundSearch} title={text('nobodyFound')}>
                  {text('nobodyFoundHint')}
                </EmptyState>
              )
            }
          />
        )}
      </div>
    </div>
  );
};
