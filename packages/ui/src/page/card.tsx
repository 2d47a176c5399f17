import { type ReactNode, useId } from 'react';
import { classes } from '../classes.ts';
import styles from './page.module.css';

/** A titled part of a page. */
export const Card = ({
  title,
  meta,
  actions,
  flush = false,
  children,
}: {
  readonly title?: string;
  /** Beside the title, quieter. */
  readonly meta?: ReactNode;
  readonly actions?: ReactNode;
  /** Content up to the edge: a table, a picture. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}) => {
  const id = useId();
  return (
    <section
      className={classes(styles.card, flush && styles.flush)}
      aria-labelledby={title === undefined ? undefined : id}
    >
      {title !== undefined && (
        <header className={styles.cardHead}>
          <h2 id={id}>{title}</h2>
          {meta !== undefined && <span className={styles.meta}>{meta}</span>}
          {actions !== undefined && <span className={styles.cardActions}>{actions}</span>}
        </header>
      )}
      <div className={styles.cardBody}>{children}</div>
    </section>
  );
};
