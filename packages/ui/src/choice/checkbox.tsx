import { Check, Minus } from 'lucide-react';
import type { ReactNode } from 'react';
import { Checkbox as AriaCheckbox, type CheckboxProps as AriaCheckboxProps } from 'react-aria-components';
import { classes } from '../classes.ts';
import styles from './choice.module.css';

export interface CheckboxProps extends Omit<AriaCheckboxProps, 'className' | 'style' | 'children'> {
  /** Leave out only inside a table, where the cell names it. */
  readonly children?: ReactNode;
}

/** Yes or no, as part of a form. What takes effect at once is a `Switch`. */
export const Checkbox = ({ children, ...props }: CheckboxProps) => (
  <AriaCheckbox {...props} className={classes(styles.choice)}>
    {({ isSelected, isIndeterminate }) => (
      <>
        <span className={styles.box}>
          {isIndeterminate ? (
            <Minus size={12} strokeWidth={3} aria-hidden />
          ) : (
            isSelected && <Check size={12} strokeWidth={3} aria-hidden />
          )}
        </span>
        {children}
      </>
    )}
  </AriaCheckbox>
);
