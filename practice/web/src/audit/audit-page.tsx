import type { EndpointResponse } from '@archwire/contracts/api';
import { endpointAddress } from '@archwire/contracts/api/api-client';
import { auditApi } from '@archwire/contracts/api/audit';
import { usersApi } from '@archwire/contracts/api/users';
import {
  Avatar,
  Button,
  ComboBox,
  DateRangeField,
  EmptyState,
  ErrorState,
  PageHeader,
  personName,
  Select,
  Skeleton,
  Status,
  useFormat,
  useText,
} from '@archwire/ui';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Download, ScrollText, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { call, sendSignedIn } from '../api/call.ts';
import { useEndpoint } from '../api/use-endpoint.ts';
import { useAction } from '../api/use-action.ts';
import { useMay } from '../api/use-me.ts';
import styles from './audit.module.css';
import { CATEGORY_IDS } from './categories.ts';
import { ChainReport } from './chain-report.tsx';
import { EntryDetails } from './entry-details.tsx';
import { messages } from './messages.ts';
import { useActionWords } from './use-action-words.ts';
import { useAuditFilter } from './use-audit-filter.ts';

export type AuditEntry = EndpointResponse<typeof auditApi.list>['entries'][number];
/** The first page has no key. */
const firstPage = (): string | undefined => undefined;
const KINDS = ['user', 'api-key', 'device', 'system'] as const;

/** The days of the entries, newest first, each with its own. */
const byDay = (entries: readonly AuditEntry[], dayOf: (at: string) => string) => {
  const days = new Map<string, AuditEntry[]>();
  for (const entry of entries) {
    const day = dayOf(entry.at);
    const known = days.get(day);
    if (known === undefined) days.set(day, [entry]);
    else known.push(entry);
  }
  return [...days];
};

/** Who did what: newest first, by person, kind, period, patient and study. */
export const AuditPage = () => {
  const text = useText(messages);
  const format = useFormat();
  const words = useActionWords();
  const { choice, query, change, clear } = useAuditFilter();
  const mayReadUsers = useMay('accounts.user.read');
  const users = useEndpoint(usersApi.list, {}, { enabled: mayReadUsers }).data?.users ?? [];
  const verify = useAction(auditApi.verify);
  const [shown, setShown] = useState<AuditEntry>();
  const [saving, setSaving] = useState(false);
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: [auditApi.list.path, query],
    queryFn: ({ pageParam, signal }) =>
      call(
        auditApi.list,
        { query: { ...query, ...(pageParam === undefined ? {} : { before: pageParam }) } },
        { signal },
      ),
    initialPageParam: firstPage(),
    getNextPageParam: ({ next }): string | undefined => next ?? undefined,
  });
  const nameOf = (entry: AuditEntry): string =>
    entry.actorName ?? text(`actor-${KINDS.find((kind) => kind === entry.actorKind) ?? 'system'}`);
  const aboutOf = (entry: AuditEntry): string | null => {
    if (entry.patientName !== null) return personName(entry.patientName) ?? null;
    return entry.entityName === entry.actorName ? null : entry.entityName;
  };
  const save = async () => {
    setSaving(true);
    try {
      const answer = await sendSignedIn(endpointAddress(auditApi.exportCsv, { query }));
      const link = document.createElement('a');
      link.href = URL.createObjectURL(await answer.blob());
      link.download = 'audit.csv';
      link.click();
      URL.revokeObjectURL(link.href);
    } finally {
      setSaving(false);
    }
  };
  const entries = data?.pages.flatMap((page) => page.entries) ?? [];
  const narrowed = choice.patientId !== null || choice.studyUid !== null;
  return (
    <>
      <PageHeader
        title={text('title')}
        lead={text('lead')}
        actions={
          <>
            <Button isPending={verify.isPending} onPress={() => verify.mutate({})}>
              <ShieldCheck size={14} aria-hidden />
              {text('verify')}
            </Button>
            <Button isPending={saving} onPress={() => void save().catch(() => {})}>
              <Download size={14} aria-hidden />
              {text('export')}
            </Button>
          </>
        }
      />
      <div className={styles.page}>
        {verify.data !== undefined && <ChainReport report={verify.data} />}
        {verify.error !== null && <ErrorState error={verify.error} />}
        <div className={styles.filters}>
          {mayReadUsers && (
            <ComboBox
              label={text('person')}
              value={choice.person ?? 'all'}
              onChange={(id) => change({ person: id === null || id === 'all' ? null : id })}
              options={[
                { id: 'all', label: text('everybody') },
                { id: 'system', label: text('actor-system') },
                ...users.map(({ id, displayName, email }) => ({
                  id,
                  label: displayName,
                  description: email,
                })),
              ]}
            />
          )}
          <Select
            label={text('kind')}
            value={choice.category ?? 'all'}
            onChange={(id) => change({ what: id === 'all' ? null : id })}
            options={[
              { id: 'all', label: text('everything') },
              ...CATEGORY_IDS.map((id) => ({ id, label: text(`category-${id}`) })),
            ]}
          />
          <Select
            label={text('outcome')}
            value={choice.failures ? 'failure' : 'all'}
            onChange={(id) => change({ outcome: id === 'all' ? null : id })}
            options={[
              { id: 'all', label: text('any') },
              { id: 'failure', label: text('failures') },
            ]}
          />
          <DateRangeField
            label={text('period')}
            value={choice.period}
            onChange={(period) => change({ from: period?.from ?? null, to: period?.to ?? null })}
          />
        </div>
        {narrowed && (
          <div className={styles.row}>
            <Status tone="info">
              {text(choice.patientId === null ? 'filteredStudy' : 'filteredPatient')}
            </Status>
            <Button onPress={clear}>{text('clear')}</Button>
          </div>
        )}
        {data === undefined && error === null && <Skeleton lines={8} />}
        {data === undefined && error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
        {data !== undefined && entries.length === 0 && (
          <EmptyState
            icon={ScrollText}
            title={text('nothing')}
            action={<Button onPress={clear}>{text('clear')}</Button>}
          >
            {text('nothingHint')}
          </EmptyState>
        )}
        {byDay(entries, format.date).map(([day, ofDay]) => (
          <section key={day} aria-label={day}>
            <h2 className={styles.day}>{day}</h2>
            <ul className={styles.list}>
              {ofDay.map((entry) => {
                const about = aboutOf(entry);
                return (
                  <li key={entry.seq}>
                    <button type="button" className={styles.entry} onClick={() => setShown(entry)}>
                      <time dateTime={entry.at}>{format.time(entry.at)}</time>
                      <span data-avatar>
                        <Avatar
                          name={nameOf(entry)}
                          shape={entry.actorKind === 'user' ? 'person' : 'group'}
                        />
                      </span>
                      <span className={styles.what}>
                        <b>{nameOf(entry)}</b> {words(entry)}
                        {about !== null && <span className={styles.about}> · {about}</span>}
                      </span>
                      {entry.outcome === 'failure' && <Status tone="danger">{text('failed')}</Status>}
                    </button>
                  </li>
                );
              })}
            </ul>
          </section>
        ))}
        {hasNextPage && (
          <Button isPending={isFetchingNextPage} onPress={() => void fetchNextPage()}>
            {text('more')}
          </Button>
        )}
      </div>
      {shown !== undefined && (
        <EntryDetails
          entry={shown}
          name={nameOf(shown)}
          onClose={() => setShown(undefined)}
          onNarrow={(values) => {
            change(values);
            setShown(undefined);
          }}
        />
      )}
    </>
  );
};
