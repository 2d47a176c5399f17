import { accountsApi } from '@archwire/contracts/api/accounts';
import { Avatar, classes, LANGUAGES, Menu, type Language, useText } from '@archwire/ui';
import { useQueryClient } from '@tanstack/react-query';
import { LogOut, Monitor, Moon, Sun, UserRound } from 'lucide-react';
import { Button } from 'react-aria-components';
import { call } from '../api/call.ts';
import { session } from '../api/session.ts';
import { useMe } from '../api/use-me.ts';
import { messages } from './messages.ts';
import { recents } from './recents.ts';
import styles from './shell.module.css';
import type { Theme } from './theme.ts';
import { usePreferences } from './use-preferences.ts';

const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon } as const;
const THEMES: readonly Theme[] = ['system', 'light', 'dark'];
const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', fr: 'Français', es: 'Español' };

/** Who is signed in, and what belongs to the person alone: theme, language, leaving. */
export const Person = () => {
  const text = useText(messages);
  const me = useMe();
  const client = useQueryClient();
  const { theme, language, chooseTheme, chooseLanguage } = usePreferences();
  if (me === undefined) return null;
  const signOut = async () => {
    await call(accountsApi.signOut, {}).catch(() => {});
    recents.clear();
    client.clear();
    session.end(false);
  };
  return (
    <Menu
      label={text('you')}
      trigger={
        <Button className={classes(styles.person, styles.pressable)}>
          <Avatar name={me.displayName} />
          <span className={styles.names}>
            <b>{me.displayName}</b>
            <small>{text(`role-${me.role}`)}</small>
          </span>
        </Button>
      }
      groups={[
        {
          title: me.email,
          entries: [{ id: 'account', label: text('account'), icon: UserRound, href: '/settings/profile' }],
        },
        {
          title: text('theme'),
          entries: THEMES.map((id) => ({
            id: `theme-${id}`,
            label: text(`theme-${id}`),
            icon: THEME_ICONS[id],
            isSelected: id === theme,
            onAction: () => chooseTheme(id),
          })),
        },
        {
          title: text('language'),
          entries: LANGUAGES.map((id) => ({
            id: `language-${id}`,
            label: LANGUAGE_NAMES[id],
            isSelected: id === language,
            onAction: () => chooseLanguage(id),
          })),
        },
        {
          entries: [{ id: 'sign-out', label: text('signOut'), icon: LogOut, onAction: () => void signOut() }],
        },
      ]}
    />
  );
};
