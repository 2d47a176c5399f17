import { classes, Dialog, openPalette, useText } from '@archwire/ui';
import { Search } from 'lucide-react';
import { Button } from 'react-aria-components';
import { messages } from './messages.ts';
import { NavigationList } from './navigation-list.tsx';
import type { NavigationEntry } from './navigation.ts';
import { Person } from './person.tsx';
import styles from './shell.module.css';
import { Workplace } from './workplace.tsx';

/** On a telephone: everything that the side bar holds on a desk. */
export const Drawer = ({
  isOpen,
  onClose,
  entries,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly entries: readonly NavigationEntry[];
}) => {
  const text = useText(messages);
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={text('main')} kind="drawer">
      <div className={styles.drawer}>
        <Workplace />
        <Button
          className={classes(styles.find)}
          onPress={() => {
            onClose();
            openPalette();
          }}
        >
          <Search size={14} aria-hidden />
          <span>{text('find')}</span>
        </Button>
        <nav aria-label={text('all')}>
          <NavigationList entries={entries} iconSize={18} />
        </nav>
        <Person />
      </div>
    </Dialog>
  );
};
