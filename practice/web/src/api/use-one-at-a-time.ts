import { useCallback, useRef } from 'react';

/**
 * Runs what a press begins, one at a time: the second press of a double click comes before a page could show that the
 * first one works.
 */
export const useOneAtATime = (): ((work: () => Promise<unknown>) => void) => {
  const isBusy = useRef(false);
  return useCallback((work) => {
    if (isBusy.current) return;
    isBusy.current = true;
    const free = (): void => {
      isBusy.current = false;
    };
    work().then(free, free);
  }, []);
};
