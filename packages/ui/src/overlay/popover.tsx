import { type ReactElement, type ReactNode, use } from 'react';
import { DialogTrigger, OverlayTriggerStateContext, Popover as AriaPopover } from 'react-aria-components';
import { classes } from '../classes.ts';
import styles from './overlay.module.css';

type Content = ReactNode | ((close: () => void) => ReactNode);

const Panel = ({ content }: { readonly content: Content }) => {
  const state = use(OverlayTriggerStateContext);
  return (
    <div className={styles.panel}>
      {typeof content === 'function' ? content(() => state?.close()) : content}
    </div>
  );
};

/** A small panel beside its button; closes on Escape and on a press elsewhere. */
export const Popover = ({
  trigger,
  label,
  children,
}: {
  /** A `Button` or `IconButton`. */
  readonly trigger: ReactElement;
  /** What the panel is, for screen readers. */
  readonly label: string;
  readonly children: Content;
}) => (
  <DialogTrigger>
    {trigger}
    {/* Without a dialog inside, the popover is one itself, its buttons for screen readers included. */}
    <AriaPopover className={classes(styles.popover)} offset={6} aria-label={label}>
      <Panel content={children} />
    </AriaPopover>
  </DialogTrigger>
);
