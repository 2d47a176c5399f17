import { Search } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import { classes } from '../classes.ts';
import { createStore } from '../create-store.ts';
import { useText } from '../i18n/use-text.ts';
import { messages } from '../messages.ts';
import overlayStyles from '../overlay/overlay.module.css';
import { KeyHint } from '../page/key-hint.tsx';
import { type Command, commandGroups, commandSources } from './commands.ts';
import styles from './command.module.css';
import { useShortcut } from './use-shortcut.ts';

const SEARCH_LETTERS = 2;
const WAIT_MS = 120;

const paletteOpen = createStore(false);
/** Opens the palette from a button. */
export const openPalette = (): void => paletteOpen.set(true);

interface Section {
  readonly title: string;
  readonly commands: readonly Command[];
}

const NOTHING: readonly Section[] = [];
const fold = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** Every word that was typed stands somewhere in the label, the detail or the keywords. */
const fits = (command: Command, words: readonly string[]): boolean => {
  const text = fold(`${command.label} ${command.detail ?? ''} ${command.keywords ?? ''}`);
  return words.every((word) => text.includes(word));
};

/** What the sources found, the newest question's answer only. */
const useFound = (query: string): readonly Section[] => {
  const sources = commandSources.use();
  const [found, setFound] = useState<{ readonly asked: string; readonly sections: readonly Section[] }>();
  const asked = query.trim();
  useEffect(() => {
    if (asked.length < SEARCH_LETTERS) return undefined;
    const controller = new AbortController();
    const ask = async () => {
      const sections = await Promise.all(
        sources.map(async ({ title, search }) => ({
          title,
          commands: await search(asked, controller.signal).catch(() => []),
        })),
      );
      if (!controller.signal.aborted) setFound({ asked, sections });
    };
    const timer = setTimeout(() => void ask(), WAIT_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [asked, sources]);
  return found?.asked === asked ? found.sections : NOTHING;
};

const Palette = ({ onClose }: { readonly onClose: () => void }) => {
  const text = useText(messages);
  const id = useId();
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const groups = commandGroups.use();
  const found = useFound(query);
  const sections = useMemo(() => {
    const words = fold(query).split(/\s+/).filter(Boolean);
    const own = [...groups].map(([title, commands]) => ({
      title,
      commands: commands.filter((command) => fits(command, words)),
    }));
    return [...found, ...own].filter(({ commands }) => commands.length > 0);
  }, [groups, found, query]);
  const all = sections.flatMap(({ commands }) => commands);
  const active = Math.min(at, Math.max(all.length - 1, 0));
  const choose = (command: Command | undefined): void => {
    if (command === undefined) return;
    onClose();
    command.run();
  };
  const go = (to: number): void => {
    const next = (to + all.length) % Math.max(all.length, 1);
    setAt(next);
    list.current?.querySelector(`[data-at="${next}"]`)?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') go(active + 1);
    else if (event.key === 'ArrowUp') go(active - 1);
    else if (event.key === 'Enter' && !event.nativeEvent.isComposing) choose(all[active]);
    else return;
    event.preventDefault();
  };
  let counted = 0;
  return (
    <Dialog className={classes(styles.palette)} aria-label={text('commands')}>
      <div className={styles.search}>
        <Search size={16} aria-hidden />
        <input
          role="combobox"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={all.length === 0 ? undefined : `${id}-${active}`}
          aria-label={text('searchCommands')}
          placeholder={text('searchCommands')}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          // The palette is nothing but this field; the person pressed its key to type.
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus
        />
      </div>
      <div ref={list} id={`${id}-list`} role="listbox" aria-label={text('commands')} className={styles.list}>
        {sections.map(({ title, commands }) => (
          <div key={title} role="group" aria-label={title}>
            <p className={overlayStyles.heading} aria-hidden>
              {title}
            </p>
            {commands.map((command) => {
              const index = counted;
              counted += 1;
              const { icon: Icon } = command;
              return (
                // The field above keeps the focus and hears the keys.
                // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
                <div
                  key={command.id}
                  id={`${id}-${index}`}
                  data-at={index}
                  role="option"
                  tabIndex={-1}
                  aria-selected={index === active}
                  className={styles.command}
                  onPointerMove={() => setAt(index)}
                  onClick={() => choose(command)}
                >
                  {Icon !== undefined && <Icon size={16} aria-hidden />}
                  <span className={styles.label}>{command.label}</span>
                  {command.detail !== undefined && <span className={styles.detail}>{command.detail}</span>}
                  {command.keys !== undefined && <KeyHint keys={command.keys} />}
                </div>
              );
            })}
          </div>
        ))}
      </div>
      {all.length === 0 && (
        <p role="status" className={overlayStyles.empty}>
          {text('noCommand')}
        </p>
      )}
      <p className={styles.foot}>{text('commandHint')}</p>
    </Dialog>
  );
};

/** `Ctrl K` / `⌘K`: whatever the app can do or find, by typing. Stands once in the app. */
export const CommandPalette = () => {
  const text = useText(messages);
  const isOpen = paletteOpen.use();
  const close = () => paletteOpen.set(false);
  useShortcut('mod+k', openPalette, { label: text('searchCommands'), group: text('general') });
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => paletteOpen.set(open)}
      isDismissable
      className={classes(overlayStyles.scrim, styles.scrim)}
    >
      <Modal className={classes(overlayStyles.modal, styles.modal)}>
        <Palette onClose={close} />
      </Modal>
    </ModalOverlay>
  );
};
