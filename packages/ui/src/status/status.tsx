import { AlertTriangle, Check, CircleDashed, Flag, Info, OctagonAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classes } from '../classes.ts';
import styles from './status.module.css';

const SHAPES = {
  danger: OctagonAlert,
  warn: AlertTriangle,
  ok: Check,
  info: Info,
  done: Flag,
  idle: CircleDashed,
} as const;
export type StatusTone = keyof typeof SHAPES;

/** A word, a shape and a colour: readable with any one of the three missing. `quiet` has no ground. */
export const Status = ({
  tone,
  children,
  quiet = false,
}: {
  readonly tone: StatusTone;
  readonly children: ReactNode;
  readonly quiet?: boolean;
}) => {
  const Icon = SHAPES[tone];
  return (
    <span className={classes(styles.status, quiet && styles.quiet)} data-tone={tone}>
      <Icon size={13} strokeWidth={2.2} aria-hidden />
      {children}
    </span>
  );
};
