import { patientsApi } from '@archwire/contracts/api/patients';
import { Button, EmptyState, ErrorState, IconButton, Skeleton, TimelineStrip, useText } from '@archwire/ui';
import { useQueryClient } from '@tanstack/react-query';
import { ChevronsLeft, GalleryHorizontal, Images, Rows3 } from 'lucide-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { endpointQuery } from '../api/use-endpoint.ts';
import { createChoice } from '../i18n/create-choice.ts';
import { CompareCard } from './compare-card.tsx';
import { messages } from './messages.ts';
import styles from './patient-timeline.module.css';
import { TimelineTable } from './timeline-table.tsx';
import { useSelection } from './use-selection.ts';
import { useTimeline } from './use-timeline.ts';
import { useTimelineItem } from './use-timeline-item.ts';

type Look = 'strip' | 'table';
const lookChoice = createChoice<Look>(
  'archwire-timeline',
  (word): word is Look => word === 'strip' || word === 'table',
  () => 'strip',
);
const DAY_MS = 86_400_000;

/** The studies of a patient from first to last, and two of them to compare. */
export const PatientTimeline = ({ patientId }: { readonly patientId: string }) => {
  const text = useText(messages);
  const navigate = useNavigate();
  const client = useQueryClient();
  const look = lookChoice.use();
  const { studies, summary, ...query } = useTimeline(patientId);
  const toItem = useTimelineItem();
  const { a, b, choose } = useSelection(studies);
  // Where there is no Shift key, the letters of the comparison say which side the next study is for.
  const [armed, setArmed] = useState<'A' | 'B'>('B');
  const pick = (slot: 'A' | 'B', id: string): void => {
    choose(slot === 'B' ? armed : slot, id);
    setArmed('B');
  };

  if (query.isError && studies.length === 0)
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (summary === undefined) return <Skeleton height={260} />;
  if (studies.length === 0)
    return (
      <EmptyState icon={Images} title={text('noStudies')}>
        {text('noStudiesHint')}
      </EmptyState>
    );

  const open = (id: string): void => void navigate(`/studies/${id}`);
  const near = (id: string): void =>
    void client.prefetchQuery(endpointQuery(patientsApi.study, { params: { id } }));
  const { studyCount, firstDate, lastDate } = summary;
  const days =
    firstDate === null || lastDate === null
      ? 0
      : Math.round((Date.parse(lastDate) - Date.parse(firstDate)) / DAY_MS);
  const earlier = query.hasNextPage && (
    <Button onPress={() => void query.fetchNextPage()} isPending={query.isFetchingNextPage}>
      <ChevronsLeft size={15} aria-hidden />
      {text('earlier')}
    </Button>
  );
  return (
    <div className={styles.timeline}>
      <section aria-labelledby="imaging-timeline">
        <div className={styles.bar}>
          <h2 id="imaging-timeline">{text('imagingTimeline')}</h2>
          <span className={styles.quiet}>
            {studyCount > 1 && days > 0
              ? text('span', { count: studyCount, days })
              : text('studyCount', { count: studyCount })}
          </span>
          <span className={styles.grow} />
          <IconButton
            icon={look === 'strip' ? Rows3 : GalleryHorizontal}
            label={text(look === 'strip' ? 'asTable' : 'asStrip')}
            onPress={() => lookChoice.set(look === 'strip' ? 'table' : 'strip')}
          />
        </div>
        {look === 'strip' ? (
          <TimelineStrip
            label={text('imagingTimeline')}
            hint={text('keys')}
            items={studies.map(toItem)}
            a={a?.studyId ?? null}
            b={b?.studyId ?? null}
            onChoose={pick}
            onOpen={open}
            onNear={near}
            before={earlier && <span className={styles.earlier}>{earlier}</span>}
          />
        ) : (
          <>
            <TimelineTable studies={studies.toReversed()} a={a?.studyId} b={b?.studyId} onChoose={choose} />
            {earlier}
          </>
        )}
      </section>
      {b !== undefined && <CompareCard a={a} b={b} armed={armed} onArm={setArmed} />}
    </div>
  );
};
