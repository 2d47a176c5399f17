import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { IconButton } from '../button/icon-button.tsx';
import { classes } from '../classes.ts';
import { useText } from '../i18n/use-text.ts';
import { messages } from '../messages.ts';
import styles from './overlay.module.css';

export interface DialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** A sentence below the title. */
  readonly lead?: ReactNode;
  readonly children?: ReactNode;
  /** Buttons, the one that does it last. */
  readonly footer?: ReactNode;
  readonly size?: 'normal' | 'wide';
  /** `drawer` slides in from the side and leaves the page in sight. */
  readonly kind?: 'dialog' | 'drawer';
  /** `alertdialog` interrupts with a question that must be answered. */
  readonly role?: 'dialog' | 'alertdialog';
  /** Something runs that must not be left: no closing by Escape or beside it. */
  readonly isBusy?: boolean;
}

/** A dialog over the page: focus stays inside, Escape closes it, and focus returns to where it was. */
export const Dialog = ({
  isOpen,
  onClose,
  title,
  lead,
  children,
  footer,
  size = 'normal',
  kind = 'dialog',
  role = 'dialog',
  isBusy = false,
}: DialogProps) => {
  const text = useText(messages);
  const drawer = kind === 'drawer';
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      isDismissable={!isBusy && role === 'dialog'}
      isKeyboardDismissDisabled={isBusy}
      className={classes(styles.scrim, drawer && styles.drawerScrim)}
    >
      <Modal className={classes(styles.modal, size === 'wide' && styles.wide, drawer && styles.drawer)}>
        {/* React Aria looks for the title in the document, where that of an island is not. */}
        <AriaDialog role={role} aria-label={title} className={classes(styles.dialog)}>
          <header className={styles.dialogHead}>
            <Heading slot="title" className={classes(styles.dialogTitle)}>
              {title}
            </Heading>
            <IconButton icon={X} label={text('close')} onPress={onClose} isDisabled={isBusy} />
          </header>
          <div className={styles.dialogBody}>
            {lead !== undefined && <p className={styles.dialogLead}>{lead}</p>}
            {children}
          </div>
          {footer !== undefined && <footer className={styles.dialogFoot}>{footer}</footer>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
};
