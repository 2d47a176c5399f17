import { imagingApi } from '@archwire/contracts/api/imaging';
import { Button, DateField, Dialog, personName, Select, TextField, useText } from '@archwire/ui';
import { useState } from 'react';
import { ApiProblem } from '../api/api-problem.ts';
import { useAction } from '../api/use-action.ts';
import { useOneAtATime } from '../api/use-one-at-a-time.ts';
import styles from './assign-dialog/assign-dialog.module.css';
import type { Candidate } from './assign-dialog/candidate.ts';
import type { Identity } from './compare-identity.ts';
import { messages } from './messages.ts';

/** "Doe, Jane" as DICOM writes it. */
const dicomName = (text: string): string =>
  text
    .split(',')
    .map((part) => part.trim())
    .join('^');

const SEXES = ['M', 'F', 'O'] as const;

/** Makes the patient of images whose patient is not here yet, filled in with what the images say. */
export const RegisterPatientDialog = ({
  received,
  lead,
  onClose,
  onRegistered,
}: {
  readonly received: Identity;
  /** What it is for, when it is not for images that are here. */
  readonly lead?: string;
  readonly onClose: () => void;
  readonly onRegistered: (patient: Candidate) => void;
}) => {
  const text = useText(messages);
  const [name, setName] = useState(personName(received.name, 'sorted') ?? '');
  const [birthDate, setBirthDate] = useState(received.birthDate);
  const [sex, setSex] = useState(SEXES.find((known) => known === received.sex) ?? null);
  const [recordNumber, setRecordNumber] = useState('');
  const register = useAction(imagingApi.registerPatient, { changes: [imagingApi.quarantine] });
  const submit = async () => {
    const done = await register.mutateAsync({
      body: {
        name: dicomName(name),
        birthDate,
        sex,
        recordNumber: recordNumber.trim() === '' ? null : recordNumber.trim(),
      },
    });
    if (done === undefined) return;
    onRegistered({
      patientId: done.patientId,
      isRegistered: true,
      recordNumber: recordNumber.trim() === '' ? null : recordNumber.trim(),
      name: dicomName(name),
      birthDate,
      sex,
      identifiers: [],
      studyCount: 0,
      lastStudyDate: null,
    });
  };
  const once = useOneAtATime();
  const run = () => {
    if (name.trim() !== '') once(submit);
  };
  const { error } = register;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={text('register')}
      lead={lead ?? text('registerLead')}
      isBusy={register.isPending}
      footer={
        <>
          <Button onPress={onClose}>{text('cancel')}</Button>
          <Button tone="primary" isPending={register.isPending} isDisabled={name.trim() === ''} onPress={run}>
            {text('registerAction')}
          </Button>
        </>
      }
    >
      <form
        noValidate
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        <TextField
          label={text('name')}
          description={text('nameHint')}
          value={name}
          onChange={setName}
          maxLength={194}
          isRequired
        />
        <DateField label={text('birthDate')} value={birthDate} onChange={setBirthDate} />
        <Select
          label={text('sex')}
          options={SEXES.map((id) => ({ id, label: text(`sex-${id}`) }))}
          value={sex}
          onChange={setSex}
          placeholder={text('unknown')}
        />
        <TextField
          label={text('recordNumber')}
          value={recordNumber}
          onChange={setRecordNumber}
          maxLength={64}
        />
        {error !== null && (
          <p role="alert" className={styles.wrong}>
            {text(error instanceof ApiProblem && error.reason === 'record-number-taken' ? 'taken' : 'failed')}
          </p>
        )}
        <button type="submit" hidden>
          {text('register')}
        </button>
      </form>
    </Dialog>
  );
};
