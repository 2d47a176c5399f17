import { imagingApi } from '@archwire/contracts/api/imaging';
import { patientsApi } from '@archwire/contracts/api/patients';
import { Button, Dialog, personName, RadioGroup, toasts, useText } from '@archwire/ui';
import { useState } from 'react';
import { ApiProblem } from '../../api/api-problem.ts';
import { useAction } from '../../api/use-action.ts';
import { useOneAtATime } from '../../api/use-one-at-a-time.ts';
import styles from '../assign-dialog/assign-dialog.module.css';
import type { Candidate } from '../assign-dialog/candidate.ts';
import { FindCandidate } from '../assign-dialog/find-candidate.tsx';
import { IdentityTable } from '../assign-dialog/identity-table.tsx';
import { ReasonField } from '../assign-dialog/reason-field.tsx';
import { messages as common } from '../messages.ts';
import { messages } from './messages.ts';

const CHANGES = [
  imagingApi.merges,
  imagingApi.quarantine,
  patientsApi.get,
  patientsApi.timeline,
  patientsApi.study,
];

const useNameOf = (): ((patient: Candidate) => string) => {
  const text = useText(common);
  return ({ name, recordNumber, identifiers }) =>
    personName(name) ?? recordNumber ?? identifiers[0]?.value ?? text('noName');
};

const Confirm = ({
  one,
  other,
  survivor,
  onSurvivor,
  reason,
  onReason,
  onOther,
}: {
  readonly one: Candidate;
  readonly other: Candidate;
  readonly survivor: Candidate | undefined;
  readonly onSurvivor: (survivor: Candidate) => void;
  readonly reason: string;
  readonly onReason: (reason: string) => void;
  readonly onOther: () => void;
}) => {
  const text = useText(messages);
  const words = useText(common);
  const nameOf = useNameOf();
  const label = (patient: Candidate): string =>
    text('stays', { name: nameOf(patient), count: patient.studyCount });
  const isOpenChoice = !one.isRegistered && !other.isRegistered;
  return (
    <>
      <IdentityTable received={one} receivedTitle={label(one)} patient={other} patientTitle={label(other)} />
      <div>
        <Button onPress={onOther}>{words('changePatient')}</Button>
      </div>
      {survivor === undefined && !isOpenChoice && <p role="alert">{text('bothRegistered')}</p>}
      {survivor !== undefined && !isOpenChoice && <p>{text('onlyOne', { name: nameOf(survivor) })}</p>}
      {isOpenChoice && (
        <RadioGroup
          label={text('survivor')}
          description={text('survivorHint')}
          options={[one, other].map((patient) => ({ id: patient.patientId, label: label(patient) }))}
          value={survivor?.patientId ?? null}
          onChange={(id) => onSurvivor(id === one.patientId ? one : other)}
        />
      )}
      {(survivor !== undefined || isOpenChoice) && (
        <ReasonField
          value={reason}
          onChange={onReason}
          usual={[text('quickTwice'), text('quickName'), text('quickConfirmed')]}
        />
      )}
    </>
  );
};

/** Whoever of the two must stay, where it is no choice: only a patient known from images goes into another. */
const mustStay = (one: Candidate, other: Candidate | undefined): Candidate | undefined => {
  if (other === undefined || one.isRegistered === other.isRegistered) return undefined;
  return one.isRegistered ? one : other;
};

/**
 * Two patients are one person: finds the other, shows both line by line, says who stays and why, and gives a way back.
 * `onMerged` gets the id of the one who stays.
 */
export const MergeDialog = ({
  patient,
  onClose,
  onMerged,
}: {
  readonly patient: Candidate;
  readonly onClose: () => void;
  readonly onMerged: (survivorId: string) => void;
}) => {
  const text = useText(messages);
  const words = useText(common);
  const nameOf = useNameOf();
  const [other, setOther] = useState<Candidate>();
  const [chosen, setChosen] = useState<Candidate>();
  const [reason, setReason] = useState('');
  const merge = useAction(imagingApi.mergePatient, { changes: CHANGES });
  const undo = useAction(imagingApi.undoMerge, { changes: CHANGES });
  const survivor = mustStay(patient, other) ?? chosen;
  const canMerge = other !== undefined && survivor !== undefined && reason.trim() !== '';

  const takeBack = async (mergeId: string): Promise<void> => {
    try {
      await undo.mutateAsync({ params: { id: mergeId }, body: { reason: text('undoReason') } });
      toasts.show({ text: words('parted'), tone: 'ok' });
    } catch {
      toasts.show({ text: words('notUndone'), tone: 'danger' });
    }
  };
  const submit = async (): Promise<void> => {
    if (!canMerge) return;
    const merged = survivor === other ? patient : other;
    const { mergeId } = await merge.mutateAsync({
      params: { id: merged.patientId },
      body: { into: survivor.patientId, reason: reason.trim() },
    });
    toasts.show({
      text: text('merged', { name: nameOf(survivor) }),
      tone: 'ok',
      action: { label: words('undo'), run: () => void takeBack(mergeId) },
    });
    onMerged(survivor.patientId);
    onClose();
  };
  const once = useOneAtATime();
  const run = () => once(submit);
  const { error } = merge;
  return (
    <Dialog
      isOpen
      size="wide"
      onClose={onClose}
      title={text('title')}
      lead={text(other === undefined ? 'chooseLead' : 'lead')}
      isBusy={merge.isPending}
      footer={
        <>
          <Button onPress={onClose}>{words('cancel')}</Button>
          {other !== undefined && (
            <Button tone="primary" isPending={merge.isPending} isDisabled={!canMerge} onPress={run}>
              {survivor === undefined ? text('title') : text('merge', { name: nameOf(survivor) })}
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
        {other === undefined ? (
          <FindCandidate received={patient} except={patient.patientId} onChoose={setOther} />
        ) : (
          <Confirm
            one={patient}
            other={other}
            survivor={survivor}
            onSurvivor={setChosen}
            reason={reason}
            onReason={setReason}
            onOther={() => {
              setOther(undefined);
              setChosen(undefined);
            }}
          />
        )}
        {error !== null && (
          <p role="alert" className={styles.wrong}>
            {text(error instanceof ApiProblem && error.kind !== 'unavailable' ? 'changed' : 'failed')}
          </p>
        )}
      </form>
    </Dialog>
  );
};
