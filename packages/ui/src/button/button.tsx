import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';
import { classes } from '../classes.ts';
import { useText } from '../i18n/use-text.ts';
import { messages } from '../messages.ts';
import styles from './button.module.css';

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style'> {
  /** `primary` is the one thing a page is for; `danger` destroys; `ghost` stays in the background. */
  readonly tone?: 'primary' | 'plain' | 'ghost' | 'danger';
  /** As wide as what it stands in. */
  readonly wide?: boolean;
}

/** A button. `isPending` keeps its size and its focus, shows that it works and takes no second press. */
export const Button = ({
  tone = 'plain',
  wide = false,
  isPending = false,
  children,
  ...props
}: ButtonProps) => {
  const text = useText(messages);
  return (
    <AriaButton
      {...props}
      // React Aria's own pending state announces by an element that may be gone, which is left in the page.
      {...(isPending
        ? { type: 'button', onPress: () => {}, onPressStart: () => {}, onPressEnd: () => {} }
        : {})}
      className={classes(styles.button, styles[tone], wide && styles.wide)}
    >
      {(state) => (
        <>
          <span className={styles.content} data-pending={isPending || undefined}>
            {typeof children === 'function' ? children(state) : children}
          </span>
          {isPending && (
            <span className={styles.spinner} role="status">
              <span className={styles.srOnly}>{text('working')}</span>
            </span>
          )}
        </>
      )}
    </AriaButton>
  );
};
