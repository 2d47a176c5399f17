import { imagingApi } from '@archwire/contracts/api/imaging';
import { Button, EmptyState, ErrorState, Skeleton, useIsNarrow, useShortcut, useText } from '@archwire/ui';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { ArrowLeft, CircleCheck, Ban } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { call } from '../api/call.ts';
import { endpointKey } from '../api/use-endpoint.ts';
import { AssignDialog } from './assign-dialog/assign-dialog.tsx';
import type { Candidate } from './assign-dialog/candidate.ts';
import { messages } from './messages.ts';
import styles from './quarantine.module.css';
import { assignable, candidatesOf, type QuarantinedStudy } from './quarantined-study.ts';
import { RegisterPatientDialog } from './register-patient-dialog.tsx';
import { RejectDialog } from './reject-dialog.tsx';
import { StudyPanel } from './study-panel.tsx';
import { StudyRow } from './study-row.tsx';

const first = (): string | null => null;

const NumberKey = ({ number, run }: { readonly number: number; readonly run: () => void }) => {
  const text = useText(messages);
  useShortcut(String(number), run, { label: text('choose', { number }), group: text('group') });
  return null;
};

type Asks = 'assign' | 'reject' | 'register';

/** The decisions about one study, by mouse and by key. */
const Deciding = ({ study, onBack }: { readonly study: QuarantinedStudy; readonly onBack: () => void }) => {
  const text = useText(messages);
  const narrow = useIsNarrow();
  const [chosen, setChosen] = useState<Candidate>();
  const [asks, setAsks] = useState<Asks>();
  const searchFrame = useRef<HTMLDivElement>(null);
  const group = text('group');
  const isWaiting = study.rejection === null;
  useShortcut('a', () => setAsks('assign'), { label: text('assign'), group });
  useShortcut('r', () => setAsks('reject'), { label: text('reject'), group, isDisabled: !isWaiting });
  useShortcut('/', () => searchFrame.current?.querySelector('input')?.focus(), {
    label: text('search'),
    group,
  });
  const wanted = assignable(study);
  const close = () => setAsks(undefined);
  return (
    <div className={styles.deciding}>
      {candidatesOf(study)
        .slice(0, 9)
        .map((candidate, index) => (
          <NumberKey key={candidate.patientId} number={index + 1} run={() => setChosen(candidate)} />
        ))}
      {narrow && (
        <Button tone="ghost" onPress={onBack}>
          <ArrowLeft size={15} aria-hidden />
          {text('back')}
        </Button>
      )}
      <StudyPanel
        study={study}
        chosen={chosen}
        onChoose={setChosen}
        onAssign={() => setAsks('assign')}
        onReject={() => setAsks('reject')}
        onRegister={() => setAsks('register')}
        searchFrame={searchFrame}
      />
      {asks === 'assign' && <AssignDialog study={wanted} patient={chosen} onClose={close} />}
      {asks === 'reject' && <RejectDialog study={wanted} onClose={close} />}
      {asks === 'register' && (
        <RegisterPatientDialog
          received={wanted.received}
          onClose={close}
          onRegistered={(patient) => {
            setChosen(patient);
            setAsks('assign');
          }}
        />
      )}
    </div>
  );
};

/** Studies that wait, or were rejected: the list, and the one that is being decided about. */
export const Worklist = ({ state }: { readonly state: 'quarantined' | 'rejected' }) => {
  const text = useText(messages);
  const narrow = useIsNarrow();
  const group = text('group');
  const [parameters, setParameters] = useSearchParams();
  // Where a decided study stood: the next one moves up to it.
  const [place, setPlace] = useState(0);
  const query = useInfiniteQuery({
    queryKey: endpointKey(imagingApi.quarantine, { state }),
    queryFn: ({ pageParam, signal }) =>
      call(
        imagingApi.quarantine,
        { query: { state, ...(pageParam === null ? {} : { before: pageParam }) } },
        { signal },
      ),
    initialPageParam: first(),
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
  const studies = (query.data?.pages ?? []).flatMap((page) => page.studies);
  const asked = parameters.get('study');
  const askedAt = studies.findIndex(({ studyId }) => studyId === asked);
  const at = askedAt >= 0 ? askedAt : Math.min(place, studies.length - 1);
  const open = narrow && askedAt < 0 ? undefined : studies[at];
  const goTo = (index: number) => {
    const next = studies[Math.max(0, Math.min(studies.length - 1, index))];
    if (next === undefined) return;
    setPlace(Math.max(0, Math.min(studies.length - 1, index)));
    setParameters({ study: next.studyId }, { replace: true, preventScrollReset: true });
  };
  useShortcut('j', () => goTo(at + 1), { label: text('next'), group });
  useShortcut('k', () => goTo(at - 1), { label: text('previous'), group });
  const openId = open?.studyId;
  useEffect(() => {
    if (openId !== undefined)
      document.getElementById(`study-${openId}`)?.scrollIntoView({ block: 'nearest' });
  }, [openId]);

  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <Skeleton height={320} />;
  if (studies.length === 0) {
    return state === 'quarantined' ? (
      <EmptyState icon={CircleCheck} title={text('nothingWaits')}>
        {text('nothingWaitsText')}
      </EmptyState>
    ) : (
      <EmptyState icon={Ban} title={text('nothingRejected')}>
        {text('nothingRejectedText')}
      </EmptyState>
    );
  }
  return (
    <div className={styles.panes}>
      {(!narrow || open === undefined) && (
        <div className={styles.list}>
          <ul aria-label={text('list')}>
            {studies.map((study, index) => (
              <li key={study.studyId}>
                <StudyRow study={study} isOpen={study.studyId === open?.studyId} onOpen={() => goTo(index)} />
              </li>
            ))}
          </ul>
          {query.hasNextPage && (
            <Button isPending={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
              {text('more')}
            </Button>
          )}
        </div>
      )}
      {open !== undefined && (
        <Deciding key={open.studyId} study={open} onBack={() => setParameters({}, { replace: true })} />
      )}
    </div>
  );
};
