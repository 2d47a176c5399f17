import type { EndpointResponse } from '@archwire/contracts/api';
import type { patientsApi } from '@archwire/contracts/api/patients';
import { Button, useText } from '@archwire/ui';
import { Merge } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useNavigate } from 'react-router';
import { messages } from './messages.ts';

const MergeDialog = lazy(async () => ({
  default: (await import('../quarantine/merge-dialog/merge-dialog.tsx')).MergeDialog,
}));

/** Begins to merge this patient with another who is the same person. */
export const MergePatient = ({ patient }: { readonly patient: EndpointResponse<typeof patientsApi.get> }) => {
  const text = useText(messages);
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  const { patientId, registration, recordNumber, name, birthDate, sex, identifiers, studyCount } = patient;
  return (
    <>
      <Button onPress={() => setOpen(true)}>
        <Merge size={15} aria-hidden />
        {text('merge')}
      </Button>
      {isOpen && (
        <Suspense>
          <MergeDialog
            patient={{
              patientId,
              isRegistered: registration === 'registered',
              recordNumber,
              name,
              birthDate,
              sex,
              identifiers,
              studyCount,
              lastStudyDate: null,
            }}
            onClose={() => setOpen(false)}
            onMerged={(survivorId) => void navigate(`/patients/${survivorId}`, { replace: true })}
          />
        </Suspense>
      )}
    </>
  );
};
