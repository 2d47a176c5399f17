import { TREATMENT_EVENTS, type TreatmentEvent } from '@archwire/contracts/treatment-event';
import { Card, DateField, Select, TextField, useFormat, useText } from '@archwire/ui';
import type { TimelineStudy } from '../patients/study-image.ts';
import { localDay } from '../studies/local-day.ts';
import { messages } from './messages.ts';
import styles from './photos.module.css';

export interface Visit {
  /** A study that the files are added to; `null`: one of its own. */
  readonly studyId: string | null;
  readonly day: string | null;
  readonly event: TreatmentEvent | null;
  /** `null`: called as the event is. */
  readonly name: string | null;
}

const NEW = 'new';
const NONE = 'none';

/** To which visit the files belong: a new one with its day and name, or a study that is there. */
export const VisitCard = ({
  visit,
  onChange,
  studies,
  isDisabled,
}: {
  readonly visit: Visit;
  readonly onChange: (visit: Visit) => void;
  readonly studies: readonly TimelineStudy[];
  readonly isDisabled: boolean;
}) => {
  const text = useText(messages);
  const format = useFormat();
  const name = visit.name ?? (visit.event === null ? '' : text(visit.event));
  return (
    <Card title={text('visit')}>
      <div className={styles.panel}>
        {studies.length > 0 && (
          <Select
            label={text('addTo')}
            isDisabled={isDisabled}
            options={[
              { id: NEW, label: text('newVisit') },
              ...studies
                .toReversed()
                .slice(0, 20)
                .map(({ studyId, description, studyDate, onDate }) => ({
                  id: studyId,
                  label: [description ?? text('study'), format.date(studyDate ?? onDate)].join(' · '),
                })),
            ]}
            value={visit.studyId ?? NEW}
            onChange={(id) => onChange({ ...visit, studyId: id === NEW ? null : id })}
          />
        )}
        {visit.studyId === null && (
          <>
            <DateField
              label={text('day')}
              value={visit.day}
              onChange={(day) => onChange({ ...visit, day })}
              maxValue={localDay()}
              isRequired
              isDisabled={isDisabled}
              {...(visit.day === null ? { error: text('dayMissing') } : {})}
            />
            <Select
              label={text('event')}
              isDisabled={isDisabled}
              options={[
                { id: NONE, label: text('noEvent') },
                ...TREATMENT_EVENTS.map((event) => ({ id: event, label: text(event) })),
              ]}
              value={visit.event ?? NONE}
              onChange={(id) =>
                onChange({
                  ...visit,
                  event: TREATMENT_EVENTS.find((event) => event === id) ?? null,
                  name: null,
                })
              }
            />
            <TextField
              label={text('visitName')}
              value={name}
              maxLength={64}
              isDisabled={isDisabled}
              onChange={(value) => onChange({ ...visit, name: value })}
            />
          </>
        )}
      </div>
    </Card>
  );
};
