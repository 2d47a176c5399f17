import { imagingApi } from '@archwire/contracts/api/imaging';
import { patientsApi } from '@archwire/contracts/api/patients';
import { Button, classes, ErrorState, personName, SearchField, useText } from '@archwire/ui';
import { useQuery } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button as PlainButton } from 'react-aria-components';
import { call } from '../api/call.ts';
import { endpointKey } from '../api/use-endpoint.ts';
import { useMay } from '../api/use-me.ts';
import { usePatientWords } from '../patients/use-patient-words.ts';
import { RegisterPatientDialog } from '../quarantine/register-patient-dialog.tsx';
import { focusInput } from './focus-input.ts';
import { messages } from './messages.ts';
import type { PatientChoice } from './patient-choice.ts';
import styles from './worklist.module.css';

const PAUSE_MS = 200;
const SHOWN = 6;

/** Who may see studies searches among all patients; others, who may say whose images these are, by the search for that. */
const find = async (
  text: string,
  maySeeStudies: boolean,
  signal: AbortSignal,
): Promise<readonly PatientChoice[]> => {
  const { patients } = maySeeStudies
    ? await call(patientsApi.search, { body: { text } }, { signal })
    : await call(imagingApi.searchPatients, { body: { by: 'any', text } }, { signal });
  return patients.slice(0, SHOWN).map(({ patientId, name, birthDate, sex, recordNumber }) => ({
    id: patientId,
    name,
    birthDate,
    sex,
    recordNumber,
  }));
};

/** Finds a patient by the beginning of a name or a number; Enter takes the first, and one who is new is registered here. */
export const FindPatient = ({ onChoose }: { readonly onChoose: (patient: PatientChoice) => void }) => {
  const text = useText(messages);
  const words = usePatientWords();
  const maySeeStudies = useMay('imaging.study.read');
  const mayRegister = useMay('imaging.reconcile.write');
  const [typed, setTyped] = useState('');
  const [wanted, setWanted] = useState('');
  const [registers, setRegisters] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setWanted(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const { data, error, refetch } = useQuery({
    queryKey: endpointKey(imagingApi.searchPatients, [wanted, maySeeStudies]),
    queryFn: ({ signal }) => find(wanted, maySeeStudies, signal),
    enabled: wanted !== '',
  });
  const found = wanted === '' ? [] : (data ?? []);
  const submit = () => {
    const [first] = found;
    if (first !== undefined && typed.trim() === wanted) onChoose(first);
    else setWanted(typed.trim());
  };
  return (
    <div className={styles.find} ref={focusInput}>
      <SearchField
        label={text('patient')}
        onSubmit={submit}
        placeholder={text('findPatientHint')}
        value={typed}
        onChange={setTyped}
      />
      {error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {found.length > 0 && (
        <ul className={styles.found} aria-label={text('found')}>
          {found.map((patient) => (
            <li key={patient.id}>
              <PlainButton className={classes(styles.candidate)} onPress={() => onChoose(patient)}>
                <strong>{personName(patient.name, 'sorted') ?? text('noName')}</strong>
                <span>
                  {[words.born(patient.birthDate), words.sex(patient.sex), patient.recordNumber]
                    .filter((fact) => fact !== undefined && fact !== null)
                    .join(' · ')}
                </span>
              </PlainButton>
            </li>
          ))}
        </ul>
      )}
      {wanted !== '' && data !== undefined && found.length === 0 && (
        <p role="status" className={styles.quiet}>
          {text('nobodyFound')}
        </p>
      )}
      {mayRegister && (
        <div>
          <Button onPress={() => setRegisters(true)}>
            <UserPlus size={15} aria-hidden />
            {text('newPatient')}
          </Button>
        </div>
      )}
      {registers && (
        <RegisterPatientDialog
          received={{ name: null, birthDate: null, sex: null, identifiers: [] }}
          lead={text('newPatientLead')}
          onClose={() => setRegisters(false)}
          onRegistered={({ patientId, ...patient }) => onChoose({ id: patientId, ...patient })}
        />
      )}
    </div>
  );
};
