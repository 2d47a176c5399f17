import { classes, KeyHint, openPalette, useCommands, useShortcut, useText } from '@archwire/ui';
import { MoreHorizontal, Search } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { NavLink, Outlet, useLocation, useNavigate, useNavigation as useRouting } from 'react-router';
import { ImportPill } from '../import/import-pill.tsx';
import { Drawer } from './drawer.tsx';
import { AlertBell } from '../operations/alert-bell.tsx';
import { messages } from './messages.ts';
import { NavigationList, useNavigation } from './navigation-list.tsx';
import type { NavigationEntry } from './navigation.ts';
import { Person } from './person.tsx';
import { recents } from './recents.ts';
import styles from './shell.module.css';
import { useStudySource } from '../studies/use-study-source.ts';
import { useKeptPreferences } from './use-kept-preferences.ts';
import { Workplace } from './workplace.tsx';

/** As many as a thumb can tell apart, besides the button for the rest. */
const AT_THE_BOTTOM = 4;

/** What is meant for a telephone; whoever may see less of that sees what comes next. */
const atTheBottom = (entries: readonly NavigationEntry[]): readonly NavigationEntry[] => {
  const meant = entries.filter(({ onPhone }) => onPhone === true);
  const others = entries.filter(({ onPhone }) => onPhone !== true);
  const shown = new Set([...meant, ...others].slice(0, AT_THE_BOTTOM));
  return entries.filter((entry) => shown.has(entry));
};

const GoTo = ({ entry }: { readonly entry: NavigationEntry }) => {
  const text = useText(messages);
  const navigate = useNavigate();
  useShortcut(entry.keys ?? '', () => void navigate(entry.to), {
    label: text(entry.text),
    group: text('goTo'),
    isDisabled: entry.keys === undefined,
  });
  return null;
};

const Recents = () => {
  const text = useText(messages);
  const list = recents.use();
  if (list.length === 0) return null;
  return (
    <nav aria-label={text('recent')} className={styles.recent}>
      <h2>{text('recent')}</h2>
      <ul>
        {list.map(({ to, label }) => (
          <li key={to}>
            <NavLink to={to} className={classes(styles.link)}>
              <span className={styles.linkText}>{label}</span>
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
};

/** After going to another page the focus is at its top, so that a screen reader reads on there. */
const useFocusOnNewPage = () => {
  const { pathname } = useLocation();
  const content = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else content.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [pathname]);
  return content;
};

/** Side bar and page; on a telephone the page, and a bar at the bottom. */
export const Frame = () => {
  const text = useText(messages);
  const entries = useNavigation();
  const navigate = useNavigate();
  useStudySource();
  useKeptPreferences();
  const content = useFocusOnNewPage();
  const { pathname } = useLocation();
  // Where it was opened: having arrived elsewhere, one wants to see the page.
  const [drawerAt, setDrawerAt] = useState<string>();
  const { state } = useRouting();
  useCommands(
    text('goTo'),
    useMemo(
      () =>
        entries.map(({ to, text: key, icon, keys }) => ({
          id: to,
          label: text(key),
          icon,
          ...(keys === undefined ? {} : { keys }),
          run: () => void navigate(to),
        })),
      [entries, navigate, text],
    ),
  );
  return (
    <div className={styles.shell} data-loading={state === 'loading' || undefined}>
      <a href="#content" className={styles.skip}>
        {text('skip')}
      </a>
      {entries.map((entry) => (
        <GoTo key={entry.to} entry={entry} />
      ))}
      <aside aria-label={text('workplace')} className={styles.side}>
        <Workplace />
        <Button className={classes(styles.find)} onPress={openPalette}>
          <Search size={14} aria-hidden />
          <span>{text('find')}</span>
          <KeyHint keys="mod+k" />
        </Button>
        <nav aria-label={text('main')}>
          <NavigationList entries={entries} />
        </nav>
        <Recents />
        <div className={styles.foot}>
          <Person />
          <AlertBell />
        </div>
      </aside>
      <main id="content" ref={content} tabIndex={-1} className={styles.main}>
        <Outlet />
      </main>
      <nav aria-label={text('main')} className={styles.bottom}>
        <NavigationList entries={atTheBottom(entries)} iconSize={20} />
        <Button className={classes(styles.link)} onPress={() => setDrawerAt(pathname)}>
          <MoreHorizontal size={20} aria-hidden />
          <span className={styles.linkText}>{text('more')}</span>
        </Button>
      </nav>
      <ImportPill />
      <Drawer isOpen={drawerAt === pathname} onClose={() => setDrawerAt(undefined)} entries={entries} />
    </div>
  );
};
