import { Button, type Column, Status, Table, useFormat, useText } from '@archwire/ui';
import { messages } from './messages.ts';
import type { TimelineStudy } from './study-image.ts';
import styles from './timeline-table.module.css';
import { useStudyWords } from './use-study-words.ts';

/** The timeline as rows: more studies at a glance, fewer pictures. */
export const TimelineTable = ({
  studies,
  a,
  b,
  onChoose,
}: {
  readonly studies: readonly TimelineStudy[];
  readonly a: string | undefined;
  readonly b: string | undefined;
  readonly onChoose: (slot: 'A' | 'B', id: string) => void;
}) => {
  const text = useText(messages);
  const format = useFormat();
  const words = useStudyWords();
  const columns: readonly Column<TimelineStudy>[] = [
    {
      id: 'compare',
      title: text('compareColumn'),
      width: '84px',
      cell: ({ studyId }) => (
        <span className={styles.slots}>
          {(['A', 'B'] as const).map((slot) => (
            <Button
              key={slot}
              aria-label={text(slot === 'A' ? 'asA' : 'asB')}
              aria-pressed={studyId === (slot === 'A' ? a : b)}
              tone={studyId === (slot === 'A' ? a : b) ? 'primary' : 'plain'}
              onPress={() => onChoose(slot, studyId)}
            >
              {slot}
            </Button>
          ))}
        </span>
      ),
    },
    { id: 'title', title: text('study'), isRowHeader: true, cell: (study) => <b>{words.title(study)}</b> },
    { id: 'day', title: text('dayColumn'), isWideOnly: true, cell: (study) => words.day(study) ?? '—' },
    { id: 'date', title: text('date'), cell: (study) => words.date(study) },
    { id: 'what', title: text('what'), isWideOnly: true, cell: (study) => words.what(study) },
    { id: 'place', title: text('place'), isWideOnly: true, cell: ({ locationName }) => locationName },
    {
      id: 'images',
      title: text('oneStudy'),
      align: 'end',
      cell: ({ instanceCount }) => format.number(instanceCount),
    },
    {
      id: 'state',
      title: text('state'),
      isWideOnly: true,
      cell: (study) => {
        const state = words.state(study);
        return (
          state !== undefined && (
            <Status tone={state.tone} quiet>
              {state.text}
            </Status>
          )
        );
      },
    },
  ];
  return (
    <Table
      label={text('imagingTimeline')}
      columns={columns}
      rows={studies}
      idOf={({ studyId }) => studyId}
      hrefOf={({ studyId }) => `/studies/${studyId}`}
    />
  );
};
