import { Button, useText } from '@archwire/ui';
import { UserRoundPen } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { Study } from './study-image.ts';
import { studyMessages } from './study-messages.ts';

const AssignDialog = lazy(async () => ({
  default: (await import('../quarantine/assign-dialog/assign-dialog.tsx')).AssignDialog,
}));

/** Gives a study that went to the wrong patient to the right one. */
export const ReassignStudy = ({ study }: { readonly study: Study }) => {
  const text = useText(studyMessages);
  const [isOpen, setOpen] = useState(false);
  const { patient, received, studyId } = study;
  const { issuer, patientId } = received;
  return (
    <>
      <Button onPress={() => setOpen(true)}>
        <UserRoundPen size={15} aria-hidden />
        {text(patient === null ? 'assign' : 'reassign')}
      </Button>
      {isOpen && (
        <Suspense>
          <AssignDialog
            study={{
              studyId,
              received: {
                name: received.name,
                birthDate: received.birthDate,
                sex: received.sex,
                identifiers: patientId === null ? [] : [{ issuer, value: patientId }],
              },
            }}
            owner={patient?.patientId}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  );
};
