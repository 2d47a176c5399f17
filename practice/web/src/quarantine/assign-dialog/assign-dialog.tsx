import { imagingApi } from '@archwire/contracts/api/imaging';
import { Button, Checkbox, Dialog, personName, useText } from '@archwire/ui';
import { ArrowDown } from 'lucide-react';
import { useState } from 'react';
import { ApiProblem } from '../../api/api-problem.ts';
import { useAction } from '../../api/use-action.ts';
import { useOneAtATime } from '../../api/use-one-at-a-time.ts';
import type { Identity } from '../compare-identity.ts';
import { messages } from '../messages.ts';
import styles from './assign-dialog.module.css';
import type { Candidate } from './candidate.ts';
import { FindCandidate } from './find-candidate.tsx';
import { IdentityTable } from './identity-table.tsx';
import { ASSIGN_REASONS, ReasonField } from './reason-field.tsx';
import { DECISION_CHANGES, useDecisionToast } from './use-decision-toast.ts';

/** What is assigned. */
export interface AssignableStudy {
  readonly studyId: string;
  /** Who the images say that they are of. */
  readonly received: Identity;
  /** Other studies that came with the same identity and wait too. */
  readonly alike?: readonly string[];
}

export interface AssignDialogProps {
  readonly study: AssignableStudy;
  /** Chosen already; without it the dialog begins with finding somebody. */
  readonly patient?: Candidate | undefined;
  /** Whose study it is by now, to give it to somebody else. */
  readonly owner?: string | undefined;
  readonly onClose: () => void;
  /** After it is done; the toast with the way back is the dialog's own. */
  readonly onAssigned?: (patientId: string) => void;
}

const Confirm = ({
  study,
  patient,
  reason,
  onReason,
  remembers,
  onRemember,
  takesAlike,
  onTakeAlike,
  onOther,
}: {
  readonly study: AssignableStudy;
  readonly patient: Candidate;
  readonly reason: string;
  readonly onReason: (reason: string) => void;
  readonly remembers: boolean;
  readonly onRemember: (remembers: boolean) => void;
  readonly takesAlike: boolean;
  readonly onTakeAlike: (takes: boolean) => void;
  readonly onOther: () => void;
}) => {
  const text = useText(messages);
  const name = personName(patient.name) ?? text('noName');
  const [identifier] = study.received.identifiers;
  const alike = study.alike ?? [];
  return (
    <>
      <div className={styles.sentence}>
        <strong>{personName(study.received.name) ?? text('noName')}</strong>
        <span>
          <ArrowDown size={14} aria-hidden /> {text('becomes')}
        </span>
        <strong>{name}</strong>
        <Button tone="ghost" onPress={onOther}>
          {text('changePatient')}
        </Button>
      </div>
      <IdentityTable received={study.received} patient={patient} patientTitle={name} />
      <ReasonField value={reason} onChange={onReason} usual={ASSIGN_REASONS.map((key) => text(key))} />
      {identifier !== undefined && (
        <Checkbox isSelected={remembers} onChange={onRemember}>
          {text('remember', { id: identifier.value, name })}
        </Checkbox>
      )}
      {alike.length > 0 && (
        <Checkbox isSelected={takesAlike} onChange={onTakeAlike}>
          {text('alsoAlike', { count: alike.length })}
        </Checkbox>
      )}
    </>
  );
};

/**
 * Says whose images these are: who the images say, beside whom they are given to, line by line, with a reason; and a
 * way back afterwards. For quarantine, and for a study that went to the wrong patient.
 */
export const AssignDialog = ({ study, patient: chosen, owner, onClose, onAssigned }: AssignDialogProps) => {
  const text = useText(messages);
  const [patient, setPatient] = useState(chosen);
  const [reason, setReason] = useState('');
  const [remembers, setRemembers] = useState(false);
  const [takesAlike, setTakesAlike] = useState(false);
  const say = useDecisionToast();
  const assign = useAction(imagingApi.assignStudies, { changes: DECISION_CHANGES });
  const name = personName(patient?.name) ?? text('noName');
  const submit = async () => {
    if (patient === undefined || reason.trim() === '') return;
    const done = await assign.mutateAsync({
      body: {
        studyIds: [study.studyId, ...(takesAlike ? (study.alike ?? []) : [])],
        patientId: patient.patientId,
        reason: reason.trim(),
        rememberIdentifier: remembers,
      },
    });
    if (done !== undefined) say(done.decisionId, text('assigned', { name }));
    onAssigned?.(patient.patientId);
    onClose();
  };
  const once = useOneAtATime();
  const run = () => once(submit);
  const { error } = assign;
  return (
    <Dialog
      isOpen
      size="wide"
      onClose={onClose}
      title={text(owner === undefined ? 'assignStudy' : 'reassignStudy')}
      lead={text(patient === undefined ? 'chooseLead' : 'assignLead')}
      isBusy={assign.isPending}
      footer={
        <>
          <Button onPress={onClose}>{text('cancel')}</Button>
          {patient !== undefined && (
            <Button
              tone="primary"
              isPending={assign.isPending}
              isDisabled={reason.trim() === ''}
              onPress={run}
            >
              {text('assignTo', { name })}
            </Button>
          )}
        </>
      }
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        {patient === undefined ? (
          <FindCandidate received={study.received} except={owner} onChoose={setPatient} />
        ) : (
          <Confirm
            study={study}
            patient={patient}
            reason={reason}
            onReason={setReason}
            remembers={remembers}
            onRemember={setRemembers}
            takesAlike={takesAlike}
            onTakeAlike={setTakesAlike}
            onOther={() => setPatient(undefined)}
          />
        )}
        {error !== null && (
          <p role="alert" className={styles.wrong}>
            {text(error instanceof ApiProblem && error.kind === 'not-found' ? 'gone' : 'failed')}
          </p>
        )}
      </form>
    </Dialog>
  );
};
