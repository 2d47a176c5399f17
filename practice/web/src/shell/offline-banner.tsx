import { useText } from '@archwire/ui';
import { CloudOff } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import styles from './banner.module.css';
import { messages } from './messages.ts';

const subscribe = (listener: () => void): (() => void) => {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
};

/** Says that there is no network, as long as there is none. */
export const OfflineBanner = () => {
  const text = useText(messages);
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  return (
    <div role="status">
      {!online && (
        <p className={styles.banner} data-tone="warn">
          <CloudOff size={15} aria-hidden />
          {text('offline')}
        </p>
      )}
    </div>
  );
};
