import { Label, ProgressBar } from 'react-aria-components';
import { classes } from '../classes.ts';
import styles from './feedback.module.css';

/** How far something is. Without `value` it runs, nobody knows how long. */
export const Progress = ({
  label,
  value,
  max = 100,
  hint,
}: {
  readonly label: string;
  readonly value?: number;
  readonly max?: number;
  /** On the right, instead of the percentage: "12 of 40". */
  readonly hint?: string;
}) => (
  <ProgressBar
    {...(value === undefined ? { isIndeterminate: true } : { value, maxValue: Math.max(max, 1) })}
    className={classes(styles.progress)}
  >
    {({ percentage, valueText, isIndeterminate }) => (
      <>
        <div className={styles.progressText}>
          <Label>{label}</Label>
          <span>{hint ?? (isIndeterminate ? '' : valueText)}</span>
        </div>
        <div className={styles.track}>
          <div
            className={classes(styles.fill, isIndeterminate && styles.running)}
            style={isIndeterminate ? {} : { width: `${percentage ?? 0}%` }}
          />
        </div>
      </>
    )}
  </ProgressBar>
);
