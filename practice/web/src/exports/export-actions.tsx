import { Button, useText } from '@archwire/ui';
import { PackageOpen, Share2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useMay } from '../api/use-me.ts';
import { buttonMessages } from './button-messages.ts';

const ExportDialog = lazy(async () => ({ default: (await import('./export-dialog.tsx')).ExportDialog }));
const ShareDialog = lazy(async () => ({ default: (await import('./share-dialog.tsx')).ShareDialog }));

/** What an export is of; a patient: all studies. */
export type ExportSubject =
  | { readonly studyId: string; readonly patientId?: never }
  | { readonly patientId: string; readonly studyId?: never };

/** Buttons for those who may: take a study or a patient along, and show a study by a link. */
export const ExportActions = ({ subject }: { readonly subject: ExportSubject }) => {
  const text = useText(buttonMessages);
  const mayExport = useMay('imaging.export.write');
  const mayShare = useMay('imaging.share.write');
  const [open, setOpen] = useState<'export' | 'share'>();
  const close = () => setOpen(undefined);
  return (
    <>
      {mayExport && (
        <Button onPress={() => setOpen('export')}>
          <PackageOpen size={15} aria-hidden />
          {text('export')}
        </Button>
      )}
      {mayShare && subject.studyId !== undefined && (
        <Button onPress={() => setOpen('share')}>
          <Share2 size={15} aria-hidden />
          {text('share')}
        </Button>
      )}
      <Suspense>
        {open === 'export' && <ExportDialog subject={subject} onClose={close} />}
        {open === 'share' && subject.studyId !== undefined && (
          <ShareDialog studyId={subject.studyId} onClose={close} />
        )}
      </Suspense>
    </>
  );
};
