import type { ReactNode } from 'react';
import styles from './page.module.css';

/** The top of every page: its one `h1`, what it is about, and what can be done. */
export const PageHeader = ({
  title,
  lead,
  avatar,
  actions,
  children,
}: {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly avatar?: ReactNode;
  /** Buttons, the most important one last. */
  readonly actions?: ReactNode;
  /** A row below: filters, states. */
  readonly children?: ReactNode;
}) => (
  <header className={styles.header}>
    <div className={styles.headerRow}>
      {avatar}
      <div className={styles.headerText}>
        <h1>{title}</h1>
        {lead !== undefined && <div className={styles.lead}>{lead}</div>}
      </div>
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </div>
    {children}
  </header>
);
