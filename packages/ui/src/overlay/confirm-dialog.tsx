import { type ReactNode, useState } from 'react';
import { Button } from '../button/button.tsx';
import { TextField } from '../field/text-field.tsx';
import { useText } from '../i18n/use-text.ts';
import { messages } from '../messages.ts';
import { Dialog } from './dialog.tsx';

export interface ConfirmDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What will happen, and whether it can be undone. */
  readonly lead: ReactNode;
  /** The verb on the button. */
  readonly action: string;
  readonly isDangerous?: boolean;
  /** Asks for a reason, which must be given; it is handed to `onConfirm`. */
  readonly asksForReason?: boolean;
  /** Resolves: the dialog closes. Rejects: it stays, and `error` says why. */
  readonly onConfirm: (reason: string) => Promise<unknown>;
  readonly explain: (error: unknown) => string;
  readonly children?: ReactNode;
}

const Content = ({
  onClose,
  title,
  lead,
  action,
  isDangerous = false,
  asksForReason = false,
  onConfirm,
  explain,
  children,
}: ConfirmDialogProps) => {
  const text = useText(messages);
  const [reason, setReason] = useState('');
  const [working, setWorking] = useState(false);
  const [wrong, setWrong] = useState<string>();
  const confirm = async () => {
    setWorking(true);
    setWrong(undefined);
    try {
      await onConfirm(reason.trim());
      onClose();
    } catch (error) {
      setWrong(explain(error));
      setWorking(false);
    }
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={title}
      lead={lead}
      role="alertdialog"
      isBusy={working}
      footer={
        <>
          <Button onPress={onClose} isDisabled={working}>
            {text('cancel')}
          </Button>
          <Button
            tone={isDangerous ? 'danger' : 'primary'}
            isPending={working}
            isDisabled={asksForReason && reason.trim() === ''}
            onPress={() => void confirm()}
          >
            {action}
          </Button>
        </>
      }
    >
      {children}
      {asksForReason && (
        <TextField
          label={text('reason')}
          description={text('reasonHint')}
          rows={3}
          value={reason}
          onChange={setReason}
          maxLength={500}
          isRequired
        />
      )}
      {wrong !== undefined && <p role="alert">{wrong}</p>}
    </Dialog>
  );
};

/** Asks before something that cannot simply be undone. */
export const ConfirmDialog = (props: ConfirmDialogProps) => (props.isOpen ? <Content {...props} /> : null);
