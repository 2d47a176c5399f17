import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { IconButton } from '../button/icon-button.tsx';
import { classes } from '../classes.ts';
import { useText } from '../i18n/use-text.ts';
import { messages } from '../messages.ts';
import styles from './lightbox.module.css';

/** The whole screen for one image, dark in either theme: what surrounds an image changes how it is seen. Escape closes it. */
export const Lightbox = ({
  isOpen,
  onClose,
  title,
  meta,
  actions,
  aside,
  children,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** Below the title: facts about the image. */
  readonly meta?: ReactNode;
  readonly actions?: ReactNode;
  /** Beside the image, on a telephone over it. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) => {
  const text = useText(messages);
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      className={classes(styles.scrim)}
    >
      <Modal className={classes(styles.modal)}>
        <Dialog className={classes(styles.dialog)}>
          <header className={styles.head}>
            <div className={styles.words}>
              <Heading slot="title" className={classes(styles.title)}>
                {title}
              </Heading>
              {meta !== undefined && <div className={styles.meta}>{meta}</div>}
            </div>
            <div className={styles.actions}>
              {actions}
              <IconButton icon={X} label={text('close')} onPress={onClose} />
            </div>
          </header>
          <div className={styles.body}>
            <div className={styles.stage}>{children}</div>
            {aside !== undefined && <aside className={styles.aside}>{aside}</aside>}
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
};
