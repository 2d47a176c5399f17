import { Button, useText } from '@archwire/ui';
import { useSyncExternalStore } from 'react';
import { build } from '../api/build.ts';
import styles from './banner.module.css';
import { messages } from './messages.ts';

/** Offers a reload when the server was upgraded under this page; nothing is taken away from whoever is typing. */
export const NewVersion = () => {
  const text = useText(messages);
  const stale = useSyncExternalStore(build.subscribe, build.isStale);
  return (
    <div role="status">
      {stale && (
        <p className={styles.banner}>
          {text('newVersion')}
          <Button onPress={() => location.reload()}>{text('reload')}</Button>
        </p>
      )}
    </div>
  );
};
