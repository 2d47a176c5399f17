import styles from './page.module.css';

const mac = (): boolean => /Mac|iPhone|iPad/.test(navigator.platform);

/** The keys of a shortcut as they are written on the keyboard: `mod+k` is ⌘K or Ctrl K. */
export const KeyHint = ({ keys }: { readonly keys: string }) => (
  <kbd className={styles.key}>
    {keys
      .split('+')
      .map((key) => (key === 'mod' ? (mac() ? '⌘' : 'Ctrl') : key.length === 1 ? key.toUpperCase() : key))
      .join(mac() ? '' : ' ')}
  </kbd>
);
