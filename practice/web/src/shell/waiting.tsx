import { useText } from '@archwire/ui';
import { useEffect, useState } from 'react';
import { messages } from './messages.ts';
import styles from './shell.module.css';

/** A server that answers does so before this; then the words would only flash. */
const PATIENCE_MS = 1500;

/** Nothing, and after a while the reason for it. */
export const Waiting = () => {
  const text = useText(messages);
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <main className={styles.waiting} role="status">
      {long && (
        <>
          <h1>{text('unreachable')}</h1>
          <p>{text('unreachableHint')}</p>
        </>
      )}
    </main>
  );
};
