import type { LucideIcon } from 'lucide-react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';
import { classes } from '../classes.ts';
import { Hint } from '../overlay/hint.tsx';
import styles from './button.module.css';

export interface IconButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  readonly icon: LucideIcon;
  /** What it does: read out, and shown as a tooltip. */
  readonly label: string;
  readonly tone?: 'plain' | 'ghost' | 'danger';
  readonly size?: number;
}

/** A button that is only a picture; its words stand in a tooltip. */
export const IconButton = ({ icon: Icon, label, tone = 'ghost', size = 16, ...props }: IconButtonProps) => (
  <Hint text={label}>
    <AriaButton {...props} aria-label={label} className={classes(styles.button, styles[tone], styles.icon)}>
      <Icon size={size} aria-hidden />
    </AriaButton>
  </Hint>
);
