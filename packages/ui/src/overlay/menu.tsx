import { Check, type LucideIcon } from 'lucide-react';
import type { ReactElement } from 'react';
import {
  Header,
  Menu as AriaMenu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover as AriaPopover,
  Text,
} from 'react-aria-components';
import { classes } from '../classes.ts';
import styles from './overlay.module.css';

export interface MenuEntry {
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly icon?: LucideIcon;
  readonly tone?: 'danger';
  readonly isDisabled?: boolean;
  /** Of a choice among entries: whether it is the one. */
  readonly isSelected?: boolean;
  /** Goes there instead of calling `onAction`. */
  readonly href?: string;
  readonly onAction?: () => void;
}

export interface MenuGroup {
  readonly title?: string;
  readonly entries: readonly MenuEntry[];
}

const Entry = ({ entry, selects }: { readonly entry: MenuEntry; readonly selects: boolean }) => {
  const { icon: Icon } = entry;
  return (
    <MenuItem
      id={entry.id}
      textValue={entry.label}
      className={classes(styles.item)}
      isDisabled={entry.isDisabled === true}
      {...(entry.href === undefined ? {} : { href: entry.href })}
      {...(entry.onAction === undefined ? {} : { onAction: entry.onAction })}
      {...(entry.tone === undefined ? {} : { 'data-tone': entry.tone })}
    >
      {Icon !== undefined && <Icon size={16} aria-hidden />}
      <span className={styles.itemText}>
        <Text slot="label">{entry.label}</Text>
        {entry.description !== undefined && (
          <Text slot="description" className={classes(styles.itemDescription)}>
            {entry.description}
          </Text>
        )}
      </span>
      {selects && <Check size={15} className={styles.check} aria-hidden />}
    </MenuItem>
  );
};

/** What can be done, behind a button. A group with `isSelected` entries is a choice of one. */
export const Menu = ({
  trigger,
  label,
  groups,
}: {
  readonly trigger: ReactElement;
  readonly label: string;
  readonly groups: readonly MenuGroup[];
}) => (
  <MenuTrigger>
    {trigger}
    <AriaPopover className={classes(styles.popover)} offset={6}>
      <AriaMenu className={classes(styles.list)} aria-label={label}>
        {groups.map(({ title, entries }, at) => {
          const selects = entries.some(({ isSelected }) => isSelected !== undefined);
          return (
            <MenuSection
              key={title ?? at}
              {...(title === undefined ? { 'aria-label': `${label} ${at + 1}` } : {})}
              {...(selects
                ? {
                    selectionMode: 'single' as const,
                    disallowEmptySelection: true,
                    selectedKeys: entries.flatMap(({ id, isSelected }) => (isSelected === true ? [id] : [])),
                  }
                : {})}
            >
              {title !== undefined && <Header className={styles.heading}>{title}</Header>}
              {entries.map((entry) => (
                <Entry key={entry.id} entry={entry} selects={selects} />
              ))}
            </MenuSection>
          );
        })}
      </AriaMenu>
    </AriaPopover>
  </MenuTrigger>
);
