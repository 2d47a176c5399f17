import { Link as AriaLink, type LinkProps as AriaLinkProps } from 'react-aria-components';
import { classes } from '../classes.ts';
import buttonStyles from './button.module.css';
import styles from './link.module.css';

export interface LinkProps extends Omit<AriaLinkProps, 'className' | 'style'> {
  /** `primary` and `plain` look like buttons and still are links; `quiet` shows its line only under the mouse. */
  readonly look?: 'text' | 'quiet' | 'plain' | 'primary' | 'ghost';
}

/** Goes to another page, without loading the app again. */
export const Link = ({ look = 'text', ...props }: LinkProps) => (
  <AriaLink
    {...props}
    className={
      look === 'text' || look === 'quiet'
        ? classes(styles.link, look === 'quiet' && styles.quiet)
        : classes(buttonStyles.button, buttonStyles[look], styles.button)
    }
  />
);
