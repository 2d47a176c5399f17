import type { Permission } from '@archwire/contracts';
import { PageHeader, useText } from '@archwire/ui';
import { NavLink, Outlet } from 'react-router';
import { useMe } from '../api/use-me.ts';
import { messages } from './messages.ts';
import styles from './settings.module.css';

interface Entry {
  readonly to: string;
  readonly text: 'profile' | 'sessions' | 'users' | 'roles' | 'apiKeys' | 'locations';
  readonly permission?: Permission;
}

const OWN: readonly Entry[] = [
  { to: '/settings/profile', text: 'profile' },
  { to: '/settings/sessions', text: 'sessions' },
];
const GROUP: readonly Entry[] = [
  { to: '/settings/users', text: 'users', permission: 'accounts.user.read' },
  { to: '/settings/roles', text: 'roles', permission: 'accounts.user.read' },
  { to: '/settings/api-keys', text: 'apiKeys', permission: 'accounts.apikey.write' },
  { to: '/settings/group', text: 'locations', permission: 'accounts.group.write' },
];

const Links = ({ title, entries }: { readonly title: string; readonly entries: readonly Entry[] }) => {
  const text = useText(messages);
  if (entries.length === 0) return null;
  return (
    <div>
      <h2 aria-hidden>{title}</h2>
      <ul>
        {entries.map(({ to, text: key }) => (
          <li key={to}>
            <NavLink to={to}>{text(key)}</NavLink>
          </li>
        ))}
      </ul>
    </div>
  );
};

/** Everything that is set once in a while: one's own account, and what an administrator keeps for the group. */
export const SettingsFrame = () => {
  const text = useText(messages);
  const permissions = useMe()?.permissions ?? [];
  const allowed = GROUP.filter(
    ({ permission }) => permission === undefined || permissions.includes(permission),
  );
  return (
    <>
      <PageHeader title={text('settings')} />
      <div className={styles.frame}>
        <nav aria-label={text('settings')} className={styles.nav}>
          <Links title={text('yours')} entries={OWN} />
          <Links title={text('group')} entries={allowed} />
        </nav>
        <div className={styles.page}>
          <Outlet />
        </div>
      </div>
    </>
  );
};
