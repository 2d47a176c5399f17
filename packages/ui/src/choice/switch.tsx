import { Switch as AriaSwitch, type SwitchProps as AriaSwitchProps } from 'react-aria-components';
import { classes } from '../classes.ts';
import styles from './choice.module.css';

/** On or off, at once. */
export const Switch = ({ children, ...props }: Omit<AriaSwitchProps, 'className' | 'style'>) => (
  <AriaSwitch {...props} className={classes(styles.choice)}>
    {(state) => (
      <>
        <span className={styles.track} />
        {typeof children === 'function' ? children(state) : children}
      </>
    )}
  </AriaSwitch>
);
