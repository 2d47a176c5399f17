import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components';
import { classes } from '../classes.ts';
import styles from './tabs.module.css';

export interface TabItem<Id extends string = string> {
  readonly id: Id;
  readonly label: string;
  /** How many wait there. */
  readonly count?: number | undefined;
  /** A page of its own, with an address; then `content` stays empty. */
  readonly href?: string;
  readonly content?: ReactNode;
}

/** Several views of one thing. With `href` each is a page, and `children` is the one that is open. */
export const Tabs = <Id extends string>({
  label,
  items,
  selected,
  onSelect,
  children,
}: {
  readonly label: string;
  readonly items: readonly TabItem<Id>[];
  readonly selected?: Id;
  readonly onSelect?: (id: Id) => void;
  readonly children?: ReactNode;
}) => (
  <AriaTabs
    className={classes(styles.tabs)}
    {...(selected === undefined ? {} : { selectedKey: selected })}
    onSelectionChange={(key) => {
      const item = items.find(({ id }) => id === key);
      if (item !== undefined) onSelect?.(item.id);
    }}
  >
    <TabList aria-label={label} className={classes(styles.list)}>
      {items.map(({ id, label: name, count, href }) => (
        <Tab key={id} id={id} className={classes(styles.tab)} {...(href === undefined ? {} : { href })}>
          {name}
          {count !== undefined && count > 0 && <span className={styles.count}>{count}</span>}
        </Tab>
      ))}
    </TabList>
    {items.map(({ id, content }) => (
      <TabPanel key={id} id={id} className={classes(styles.panel)}>
        {content ?? children}
      </TabPanel>
    ))}
  </AriaTabs>
);
