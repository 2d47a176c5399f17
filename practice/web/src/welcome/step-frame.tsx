import type { ReactNode } from 'react';
import styles from './welcome.module.css';

/** One step: what it is about, what can be done, and the way on. */
export const StepFrame = ({
  title,
  lead,
  children,
  foot,
}: {
  readonly title: string;
  readonly lead: string;
  readonly children: ReactNode;
  readonly foot?: ReactNode;
}) => (
  <div className={styles.content}>
    <header className={styles.head}>
      <h2>{title}</h2>
      <p>{lead}</p>
    </header>
    {children}
    {foot !== undefined && <div className={styles.foot}>{foot}</div>}
  </div>
);
