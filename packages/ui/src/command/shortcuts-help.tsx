import { useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { messages } from '../messages.ts';
import { Dialog } from '../overlay/dialog.tsx';
import { KeyHint } from '../page/key-hint.tsx';
import styles from './command.module.css';
import { shortcuts } from './shortcuts.ts';
import { useShortcut } from './use-shortcut.ts';

/** `?`: every key that does something on this page. Stands once in the app. */
export const ShortcutsHelp = () => {
  const text = useText(messages);
  const [isOpen, setOpen] = useState(false);
  const known = shortcuts.use();
  useShortcut('?', () => setOpen(true), { label: text('shortcutsHelp'), group: text('general') });
  const groups = Map.groupBy(known, ({ group }) => group);
  return (
    <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title={text('shortcuts')}>
      <div>
        {[...groups].map(([group, list]) => (
          <section key={group} className={styles.shortcuts}>
            <h3>{group}</h3>
            {list.map(({ keys, label }) => (
              <p key={keys} className={styles.shortcut}>
                {label}
                <span className={styles.keys}>
                  {keys.split(' ').map((key, at) => (
                    <KeyHint key={at} keys={key} />
                  ))}
                </span>
              </p>
            ))}
          </section>
        ))}
      </div>
    </Dialog>
  );
};
