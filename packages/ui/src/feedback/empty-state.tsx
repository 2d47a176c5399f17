import { Inbox, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './feedback.module.css';

/** Nothing is here, why that is, and what to do about it. */
export const EmptyState = ({
  icon: Icon = Inbox,
  title,
  children,
  action,
  isHeading = false,
}: {
  readonly icon?: LucideIcon;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  /** It is the whole page: its title is the page's `h1`. */
  readonly isHeading?: boolean;
}) => (
  <div className={styles.state}>
    <span className={styles.icon}>
      <Icon size={22} aria-hidden />
    </span>
    {isHeading ? <h1 className={styles.title}>{title}</h1> : <p className={styles.title}>{title}</p>}
    {children !== undefined && <div className={styles.text}>{children}</div>}
    {action !== undefined && <div className={styles.action}>{action}</div>}
  </div>
);
