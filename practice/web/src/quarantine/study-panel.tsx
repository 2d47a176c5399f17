import { imagingApi } from '@archwire/contracts/api/imaging';
import { Button, Card, KeyHint, personName, Status, toasts, useFormat, useText } from '@archwire/ui';
import { Check, UserPlus, X } from 'lucide-react';
import type { RefObject } from 'react';
import { useAction } from '../api/use-action.ts';
import { CandidateCard } from './assign-dialog/candidate-card.tsx';
import type { Candidate } from './assign-dialog/candidate.ts';
import { FindCandidate } from './assign-dialog/find-candidate.tsx';
import { DECISION_CHANGES } from './assign-dialog/use-decision-toast.ts';
import { ImageStrip } from './image-strip.tsx';
import { messages } from './messages.ts';
import styles from './quarantine.module.css';
import { assignable, candidatesOf, type QuarantinedStudy } from './quarantined-study.ts';
import { reasonText } from './reason-text.ts';
import { IDENTITY_FIELDS, useIdentityWords } from './use-identity-words.ts';

const GiveBack = ({ study }: { readonly study: QuarantinedStudy }) => {
  const text = useText(messages);
  const undo = useAction(imagingApi.undoDecision, {
    changes: DECISION_CHANGES,
    onSuccess: () => void toasts.show({ text: text('undone'), tone: 'ok' }),
    onError: () => void toasts.show({ text: text('notUndone'), tone: 'danger' }),
  });
  const { rejection } = study;
  if (rejection === null) return null;
  return (
    <Button isPending={undo.isPending} onPress={() => undo.mutate({ params: { id: rejection.decisionId } })}>
      {text('giveBack')}
    </Button>
  );
};

/** One study to decide about: its pictures, who they say it is of, and whom it may belong to. */
export const StudyPanel = ({
  study,
  chosen,
  onChoose,
  onAssign,
  onReject,
  onRegister,
  searchFrame,
}: {
  readonly study: QuarantinedStudy;
  readonly chosen: Candidate | undefined;
  readonly onChoose: (candidate: Candidate) => void;
  readonly onAssign: () => void;
  readonly onReject: () => void;
  readonly onRegister: () => void;
  readonly searchFrame: RefObject<HTMLDivElement | null>;
}) => {
  const text = useText(messages);
  const format = useFormat();
  const words = useIdentityWords();
  const { received } = assignable(study);
  const candidates = candidatesOf(study);
  const isStranger =
    chosen !== undefined && !candidates.some(({ patientId }) => patientId === chosen.patientId);
  return (
    <section className={styles.panel} aria-label={personName(study.patientName) ?? text('noName')}>
      <header className={styles.panelHead}>
        <div>
          <h2>{personName(study.patientName, 'sorted') ?? text('noName')}</h2>
          <p className={styles.quiet}>
            {[
              study.studyDate === null ? null : format.date(study.studyDate),
              study.description,
              study.locationName,
            ]
              .filter((part) => part !== null && part !== '')
              .join(' · ')}
          </p>
          {study.order !== null && study.rejection === null && (
            <p>
              {text('named', {
                what: study.order.description,
                number: study.order.accessionNumber,
                day: format.date(study.order.startDate),
              })}
            </p>
          )}
          {study.rejection === null ? (
            <Status tone="warn">{text(reasonText(study.reason))}</Status>
          ) : (
            <Status tone="idle">{study.rejection.reason}</Status>
          )}
        </div>
        <div className={styles.panelActions}>
          <GiveBack study={study} />
          {study.rejection === null && (
            <Button onPress={onReject}>
              <X size={15} aria-hidden />
              {text('reject')}
              <KeyHint keys="r" />
            </Button>
          )}
          <Button tone="primary" onPress={onAssign}>
            <Check size={15} aria-hidden />
            {chosen === undefined
              ? text('assign')
              : text('assignTo', { name: personName(chosen.name) ?? text('noName') })}
            <KeyHint keys="a" />
          </Button>
        </div>
      </header>
      <div className={styles.columns}>
        <div className={styles.column}>
          <ImageStrip key={study.studyId} study={study} />
          <Card title={text('received')}>
            <dl className={styles.facts}>
              {IDENTITY_FIELDS.map((field) => (
                <div key={field}>
                  <dt>{text(field)}</dt>
                  <dd>{words(received, field) ?? '—'}</dd>
                </div>
              ))}
            </dl>
            {study.alike.length > 0 && (
              <p className={styles.quiet}>{text('alike', { count: study.alike.length })}</p>
            )}
          </Card>
        </div>
        <div className={styles.column}>
          <h3 className={styles.part}>{text('suggested')}</h3>
          {candidates.length === 0 && <p className={styles.quiet}>{text('noSuggestions')}</p>}
          <ul className={styles.candidates} aria-label={text('suggested')}>
            {candidates.map((candidate, index) => (
              <li key={candidate.patientId}>
                <CandidateCard
                  candidate={candidate}
                  received={received}
                  isOrdered={candidate.patientId === study.order?.patientId}
                  {...(index < 9 ? { number: index + 1 } : {})}
                  isChosen={candidate.patientId === chosen?.patientId}
                  onChoose={() => onChoose(candidate)}
                />
              </li>
            ))}
            {isStranger && (
              <li>
                <CandidateCard
                  candidate={chosen}
                  received={received}
                  isChosen
                  onChoose={() => onChoose(chosen)}
                />
              </li>
            )}
          </ul>
          <FindCandidate key={study.studyId} received={received} onChoose={onChoose} frame={searchFrame} />
          <div>
            <Button onPress={onRegister}>
              <UserPlus size={15} aria-hidden />
              {text('register')}
            </Button>
          </div>
        </div>
      </div>
    </section>
  );
};
