import type { ReactNode } from 'react';
import styles from './page.module.css';

/** Facts: a word on the left, what it is on the right. What is `null` or empty is shown as a dash. */
export const DefinitionList = ({
  items,
}: {
  readonly items: readonly { readonly label: string; readonly value: ReactNode }[];
}) => (
  <dl className={styles.facts}>
    {items.map(({ label, value }) => (
      <div key={label}>
        <dt>{label}</dt>
        <dd>{value === null || value === undefined || value === '' ? '—' : value}</dd>
      </div>
    ))}
  </dl>
);
