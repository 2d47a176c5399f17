import type { LucideIcon } from 'lucide-react';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { classes } from '../classes.ts';
import styles from './tabs.module.css';

/** One of two to four, all in sight, at once: the sort of a list, the kind of a view. */
export const SegmentedControl = <Id extends string>({
  label,
  options,
  value,
  onChange,
}: {
  readonly label: string;
  readonly options: readonly { readonly id: Id; readonly label: string; readonly icon?: LucideIcon }[];
  readonly value: Id;
  readonly onChange: (value: Id) => void;
}) => (
  <ToggleButtonGroup
    aria-label={label}
    selectionMode="single"
    disallowEmptySelection
    selectedKeys={[value]}
    onSelectionChange={(keys) => {
      const chosen = options.find(({ id }) => keys.has(id));
      if (chosen !== undefined) onChange(chosen.id);
    }}
    className={classes(styles.segments)}
  >
    {options.map(({ id, label: name, icon: Icon }) => (
      <ToggleButton key={id} id={id} className={classes(styles.segment)}>
        {Icon !== undefined && <Icon size={14} aria-hidden />}
        {name}
      </ToggleButton>
    ))}
  </ToggleButtonGroup>
);
