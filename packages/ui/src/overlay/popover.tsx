import type { ReactElement, ReactNode } from 'react';
import { Dialog, DialogTrigger, Popover as AriaPopover } from 'react-aria-components';
import { classes } from '../classes.ts';
import styles from './overlay.module.css';

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
  readonly children: ReactNode | ((close: () => void) => ReactNode);
}) => (
  <DialogTrigger>
    {trigger}
    <AriaPopover className={classes(styles.popover)} offset={6}>
      <Dialog className={classes(styles.panel)} aria-label={label}>
        {({ close }) => (typeof children === 'function' ? children(close) : children)}
      </Dialog>
    </AriaPopover>
  </DialogTrigger>
);
