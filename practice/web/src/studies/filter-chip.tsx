import { classes, Popover } from '@archwire/ui';
import { ChevronDown, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import styles from './filter-bar.module.css';

/** A filter: closed it says what it is set to, open it offers what there is. */
export const FilterChip = ({
  label,
  value,
  icon: Icon,
  children,
}: {
  readonly label: string;
  /** `null`: not narrowed. */
  readonly value: string | null;
  readonly icon: LucideIcon;
  readonly children: ReactNode | ((close: () => void) => ReactNode);
}) => (
  <Popover
    label={label}
    trigger={
      <Button
        className={classes(styles.chip)}
        data-set={value !== null || undefined}
        aria-label={value === null ? label : `${label}: ${value}`}
      >
        <Icon size={14} aria-hidden />
        <span className={styles.chipText}>{value ?? label}</span>
        <ChevronDown size={13} aria-hidden className={styles.chevron} />
      </Button>
    }
  >
    {children}
  </Popover>
);
