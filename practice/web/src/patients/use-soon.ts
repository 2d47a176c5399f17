import { useCallback, useEffect, useRef } from 'react';

const SOON_MS = 60;
const AGAIN_MS = 800;

/** Runs something in a moment, once for many calls, and not more than about once in a second. */
export const useSoon = (run: () => void): (() => void) => {
  const latest = useRef(run);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const ranAt = useRef(-AGAIN_MS);
  useEffect(() => {
    latest.current = run;
  }, [run]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(() => {
    if (timer.current !== undefined) return;
    timer.current = setTimeout(
      () => {
        timer.current = undefined;
        ranAt.current = performance.now();
        latest.current();
      },
      Math.max(SOON_MS, ranAt.current + AGAIN_MS - performance.now()),
    );
  }, []);
};
