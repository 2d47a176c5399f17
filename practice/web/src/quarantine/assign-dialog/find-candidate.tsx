import { imagingApi } from '@archwire/contracts/api/imaging';
import { ErrorState, SearchField, useText } from '@archwire/ui';
import { useQuery } from '@tanstack/react-query';
import { type Ref, useEffect, useState } from 'react';
import { call } from '../../api/call.ts';
import { endpointKey } from '../../api/use-endpoint.ts';
import type { Identity } from '../compare-identity.ts';
import { messages } from '../messages.ts';
import styles from './assign-dialog.module.css';
import { CandidateCard } from './candidate-card.tsx';
import type { Candidate } from './candidate.ts';

const PAUSE_MS = 200;
const SHOWN = 8;

/** Finds patients by whatever a person has in hand, and shows how each agrees with the images. */
export const FindCandidate = ({
  received,
  onChoose,
  except,
  frame,
}: {
  readonly received: Identity;
  readonly onChoose: (candidate: Candidate) => void;
  /** Somebody who is no answer: the patient whom it is about. */
  readonly except?: string | undefined;
  /** Around the field, to focus it by a key. */
  readonly frame?: Ref<HTMLDivElement>;
}) => {
  const text = useText(messages);
  const [words, setWords] = useState('');
  const [wanted, setWanted] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setWanted(words.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [words]);
  const { data, error, refetch } = useQuery({
    queryKey: endpointKey(imagingApi.searchPatients, wanted),
    queryFn: ({ signal }) =>
      call(imagingApi.searchPatients, { body: { by: 'any', text: wanted } }, { signal }),
    enabled: wanted !== '',
  });
  const others = (data?.patients ?? []).filter(({ patientId }) => patientId !== except);
  const found: readonly Candidate[] = others.slice(0, SHOWN).map((patient) => ({
    patientId: patient.patientId,
    isRegistered: patient.registration === 'registered',
    recordNumber: patient.recordNumber,
    name: patient.name,
    birthDate: patient.birthDate,
    sex: patient.sex,
    identifiers: patient.identifiers,
    studyCount: patient.studyCount,
    lastStudyDate: null,
  }));
  return (
    <div className={styles.find} ref={frame}>
      <SearchField
        label={text('findPatient')}
        placeholder={text('findPatientHint')}
        value={words}
        onChange={setWords}
      />
      {error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {wanted !== '' && data !== undefined && found.length === 0 && (
        <p role="status" className={styles.quiet}>
          {text('nobodyFound')}
        </p>
      )}
      {found.length > 0 && (
        <ul aria-label={text('found')} className={styles.candidates}>
          {found.map((candidate) => (
            <li key={candidate.patientId}>
              <CandidateCard candidate={candidate} received={received} onChoose={() => onChoose(candidate)} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
};
