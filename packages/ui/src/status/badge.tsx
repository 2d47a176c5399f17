import type { ReactNode } from 'react';
import styles from './status.module.css';

/** A short fact beside a name: a modality, a version. No state; that is `Status`. */
export const Badge = ({ children }: { readonly children: ReactNode }) => (
  <span className={styles.badge}>{children}</span>
);
