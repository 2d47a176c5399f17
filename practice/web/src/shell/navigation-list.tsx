import { useFormat, useText } from '@archwire/ui';
import { NavLink } from 'react-router';
import { classes } from '@archwire/ui';
import { useMe } from '../api/use-me.ts';
import { messages } from './messages.ts';
import { navigation, type NavigationEntry } from './navigation.ts';
import styles from './shell.module.css';

const none = (): undefined => undefined;

const Entry = ({ entry, iconSize }: { readonly entry: NavigationEntry; readonly iconSize: number }) => {
  const text = useText(messages);
  const format = useFormat();
  // A module's constant: the same hook in the same place for as long as the entry is drawn.
  const useCount = entry.useCount ?? none;
  const count = useCount() ?? 0;
  const { icon: Icon } = entry;
  return (
    <NavLink to={entry.to} end={entry.to === '/'} className={classes(styles.link)}>
      <Icon size={iconSize} aria-hidden />
      <span className={styles.linkText}>{text(entry.text)}</span>
      {count > 0 && (
        <em aria-label={text('waiting', { count })}>
          {count > 99 ? `${format.number(99)}+` : format.number(count)}
        </em>
      )}
    </NavLink>
  );
};

/** The pages that the person may open. */
export const useNavigation = (): readonly NavigationEntry[] => {
  const me = useMe();
  return navigation.filter(
    ({ permission }) => permission === undefined || me?.permissions.includes(permission) === true,
  );
};

/** The entries as a list of links. */
export const NavigationList = ({
  entries,
  iconSize = 16,
}: {
  readonly entries: readonly NavigationEntry[];
  readonly iconSize?: number;
}) => (
  <ul>
    {entries.map((entry) => (
      <li key={entry.to}>
        <Entry entry={entry} iconSize={iconSize} />
      </li>
    ))}
  </ul>
);
