import { useEffect, useRef } from 'react';
import { useLiveEvents } from '../live/use-live-events.ts';
import type { StudyWindow } from './study-window.ts';

/** The first change shows at once; while a device sends, the list is asked again once in this time. */
const PACE_MS = 1000;
/** After this the archive takes an arrival for finished: the rows that say "receiving" are asked for again. */
const SETTLED_MS = 11_000;

/**
 * Keeps the list true while images come. Who is at the top sees new studies appear; who has scrolled keeps their place
 * and is told how many there are.
 */
export const useLiveStudies = (window: StudyWindow, isAtTop: () => boolean, isReceiving: boolean): void => {
  const changed = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const last = useRef(0);
  const flush = (ids: ReadonlySet<string> | 'all'): void => {
    last.current = Date.now();
    void (isAtTop() ? window.restart() : window.refresh(ids)).catch(() => {});
  };
  const soon = (): void => {
    if (timer.current !== undefined) return;
    timer.current = setTimeout(
      () => {
        timer.current = undefined;
        const ids = changed.current;
        changed.current = new Set();
        flush(ids);
      },
      Math.max(0, last.current + PACE_MS - Date.now()),
    );
  };
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [window],
  );
  useLiveEvents(['study.changed', 'derivative.made', 'patient.changed'], (event) => {
    if (event === null || event.studyId === undefined) {
      flush('all');
      return;
    }
    if (event.kind === 'derivative.made' && !window.holds(event.studyId)) return;
    changed.current.add(event.studyId);
    soon();
  });
  useEffect(() => {
    if (!isReceiving) return undefined;
    const ask = setInterval(() => void window.refresh('all').catch(() => {}), SETTLED_MS);
    return () => clearInterval(ask);
  }, [window, isReceiving]);
};
