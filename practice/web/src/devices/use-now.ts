import { useEffect, useState } from 'react';

const MINUTE = 60_000;

/** The time, anew every minute, so that "3 minutes ago" does not stay so. */
export const useNow = (): Date => {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), MINUTE);
    return () => clearInterval(timer);
  }, []);
  return now;
};
