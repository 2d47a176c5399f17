import { classes, KeyHint, personName, Status, useFormat, useText } from '@archwire/ui';
import { Button } from 'react-aria-components';
import { AgreementMark } from '../agreement.tsx';
import { compareIdentity, type Identity } from '../compare-identity.ts';
import { messages } from '../messages.ts';
import { IDENTITY_FIELDS, useIdentityWords } from '../use-identity-words.ts';
import styles from './assign-dialog.module.css';
import type { Candidate } from './candidate.ts';

/** A patient whom images may belong to, with what agrees; a press chooses. */
export const CandidateCard = ({
  candidate,
  received,
  number,
  isOrdered = false,
  isChosen = false,
  onChoose,
}: {
  readonly candidate: Candidate;
  readonly received: Identity;
  /** The key that chooses it. */
  readonly number?: number;
  /** The order that the images name is this patient's. */
  readonly isOrdered?: boolean;
  readonly isChosen?: boolean;
  readonly onChoose: () => void;
}) => {
  const text = useText(messages);
  const format = useFormat();
  const words = useIdentityWords();
  const agreements = compareIdentity(received, candidate);
  const { isRegistered, lastStudyDate, name, recordNumber, studyCount } = candidate;
  return (
    <Button
      className={classes(styles.candidate)}
      onPress={onChoose}
      data-chosen={isChosen || undefined}
      aria-current={isChosen}
    >
      <span className={styles.candidateHead}>
        <strong>{personName(name, 'sorted') ?? text('noName')}</strong>
        {isOrdered && (
          <Status tone="info" quiet>
            {text('ordered')}
          </Status>
        )}
        {number !== undefined && <KeyHint keys={String(number)} />}
      </span>
      <span className={styles.candidateFacts}>
        {recordNumber !== null && <>{recordNumber} · </>}
        {!isRegistered && <>{text('imagingOnly')} · </>}
        {text('studies', { count: studyCount })}
        {lastStudyDate !== null && <>, {text('lastStudy', { day: format.date(lastStudyDate) })}</>}
      </span>
      <span className={styles.lines}>
        {IDENTITY_FIELDS.map((field) => (
          <span key={field} className={styles.line} data-agreement={agreements[field]}>
            <span>{text(field)}</span>
            <span>{words(candidate, field) ?? '—'}</span>
            <AgreementMark agreement={agreements[field]} />
          </span>
        ))}
      </span>
    </Button>
  );
};
