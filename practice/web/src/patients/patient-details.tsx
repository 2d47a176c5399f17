import type { EndpointResponse } from '@archwire/contracts/api';
import type { patientsApi } from '@archwire/contracts/api/patients';
import { Card, DefinitionList, personName, useFormat, useText } from '@archwire/ui';
import { messages } from './messages.ts';
import { usePatientWords } from './use-patient-words.ts';

/** Everything that identifies a patient. */
export const PatientDetails = ({
  patient,
}: {
  readonly patient: EndpointResponse<typeof patientsApi.get>;
}) => {
  const text = useText(messages);
  const format = useFormat();
  const words = usePatientWords();
  return (
    <Card>
      <DefinitionList
        items={[
          { label: text('name'), value: personName(patient.name) ?? null },
          {
            label: text('birthDate'),
            value: patient.birthDate === null ? null : format.date(patient.birthDate),
          },
          { label: text('sex'), value: words.sex(patient.sex) },
          { label: text('recordNumber'), value: patient.recordNumber },
          {
            label: text('registration'),
            value: text(patient.registration === 'registered' ? 'registered' : 'imagingOnly'),
          },
          {
            label: text('patientIds'),
            value:
              patient.identifiers.length === 0 ? null : (
                <ul>
                  {patient.identifiers.map(({ issuer, value }) => (
                    <li key={`${issuer} ${value}`}>{text('issuedBy', { issuer, value })}</li>
                  ))}
                </ul>
              ),
          },
        ]}
      />
    </Card>
  );
};
