import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';
import { classes } from '../classes.ts';
import styles from './button.module.css';

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style'> {
  /** `primary` is the one thing a page is for; `danger` destroys; `ghost` stays in the background. */
  readonly tone?: 'primary' | 'plain' | 'ghost' | 'danger';
  /** As wide as what it stands in. */
  readonly wide?: boolean;
}

/** A button. `isPending` keeps its size, shows that it works and takes no second press. */
export const Button = ({ tone = 'plain', wide = false, children, ...props }: ButtonProps) => (
  <AriaButton {...props} className={classes(styles.button, styles[tone], wide && styles.wide)}>
    {(state) => (
      <>
        <span className={styles.content} data-pending={state.isPending || undefined}>
          {typeof children === 'function' ? children(state) : children}
        </span>
        {state.isPending && <span className={styles.spinner} aria-hidden />}
      </>
    )}
  </AriaButton>
);
