import { useText } from '@archwire/ui';
import { useEffect, useState } from 'react';
import styles from './door.module.css';
import { messages } from './messages.ts';
import { Notice } from './notice.tsx';

const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
const secondsTo = (until: number): number => Math.max(0, Math.ceil((until - Date.now()) / 1000));

/** How long the account still rests, counting down; `onOver` when one may try again. Read out once, not every second. */
export const LockoutNotice = ({ until, onOver }: { readonly until: number; readonly onOver: () => void }) => {
  const text = useText(messages);
  const [first] = useState(() => secondsTo(until));
  const [seconds, setSeconds] = useState(first);
  useEffect(() => {
    const timer = setInterval(() => {
      const left = secondsTo(until);
      setSeconds(left);
      if (left > 0) return;
      clearInterval(timer);
      onOver();
    }, 250);
    return () => clearInterval(timer);
  }, [until, onOver]);
  return (
    <>
      <p role="alert" className={styles.srOnly}>
        {text('locked', { time: clock(first) })}
      </p>
      <Notice tone="danger" isSilent>
        {text('locked', { time: clock(seconds) })}
      </Notice>
    </>
  );
};
