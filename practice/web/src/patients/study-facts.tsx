import { Card, DefinitionList, personName, Status, useFormat, useText } from '@archwire/ui';
import { StudySaving } from '../recompression/study-saving.tsx';
import type { Study } from './study-image.ts';
import styles from './study-page.module.css';
import { studyMessages } from './study-messages.ts';

const isOther = (study: Study): boolean => {
  const { patient, received } = study;
  return (
    patient !== null &&
    ((received.name !== null && received.name !== patient.name) ||
      (received.birthDate !== null && received.birthDate !== patient.birthDate))
  );
};

/** Where a study came from, with whose name, when. */
export const StudyFacts = ({ study }: { readonly study: Study }) => {
  const text = useText(studyMessages);
  const format = useFormat();
  const { received } = study;
  return (
    <Card title={text('facts')}>
      {isOther(study) && (
        <p className={styles.note}>
          <Status tone="warn" quiet>
            {text('differs')}
          </Status>
        </p>
      )}
      <DefinitionList
        items={[
          { label: text('arrived'), value: format.dateTime(study.firstArrivalAt) },
          { label: text('lastImage'), value: format.dateTime(study.lastArrivalAt) },
          {
            label: text('from'),
            value: study.deviceNames.length === 0 ? text('elsewhere') : format.list([...study.deviceNames]),
          },
          { label: text('place'), value: study.locationName },
          {
            label: text('received'),
            value: text('receivedAs', {
              name: personName(received.name) ?? '—',
              id: received.patientId ?? '—',
              birthDate: received.birthDate === null ? '—' : format.date(received.birthDate),
            }),
          },
          { label: text('referring'), value: personName(study.referringName) ?? null },
          { label: text('institution'), value: study.institutionName },
          { label: text('accession'), value: study.accessionNumber },
          {
            label: text('size'),
            value: (
              <StudySaving
                studyId={study.studyId}
                fallback={text('sizeOf', { count: study.instanceCount, size: format.bytes(study.byteCount) })}
              />
            ),
          },
          { label: text('uid'), value: <span className={styles.uid}>{study.studyInstanceUid}</span> },
        ]}
      />
    </Card>
  );
};
