import type { ReactElement } from 'react';
import { Tooltip, TooltipTrigger } from 'react-aria-components';
import { classes } from '../classes.ts';
import styles from './overlay.module.css';

/** A few words about a control, after a moment under the mouse and at once with the keyboard. */
export const Hint = ({ text, children }: { readonly text: string; readonly children: ReactElement }) => (
  <TooltipTrigger delay={600} closeDelay={100}>
    {children}
    <Tooltip className={classes(styles.hint)} offset={6}>
      {text}
    </Tooltip>
  </TooltipTrigger>
);
