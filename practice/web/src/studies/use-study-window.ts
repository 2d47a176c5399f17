import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { session } from '../api/session.ts';
import type { StudySearchBody } from './list-filter.ts';
import { createStudyWindow, type StudyWindow } from './study-window.ts';

/** Where one is in the list. */
export interface ListPlace {
  readonly scrollTop: () => number;
  readonly active: () => number;
  readonly note: (place: { readonly scrollTop?: number; readonly active?: number }) => void;
}

interface Remembered {
  readonly key: string;
  readonly window: StudyWindow;
  readonly place: ListPlace;
}

const createPlace = (): ListPlace => {
  let place = { scrollTop: 0, active: 0 };
  return {
    scrollTop: () => place.scrollTop,
    active: () => place.active,
    note: (change) => {
      place = { ...place, ...change };
    },
  };
};

let remembered: Remembered | undefined;
session.subscribe(() => {
  if (session.state().status === 'signed-out') remembered = undefined;
});

const remember = (key: string, body: StudySearchBody): Remembered => ({
  key,
  window: createStudyWindow(body),
  place: createPlace(),
});

/**
 * The list of a search. While another search is on its way the old rows stay (`isStale`); who comes back from a study
 * finds the list, its rows and its place as they were left.
 */
export const useStudyWindow = (body: StudySearchBody) => {
  const key = JSON.stringify(body);
  const [shown, setShown] = useState<Remembered>(() =>
    remembered?.key === key ? remembered : remember(key, body),
  );
  const asked = useRef(body);
  useEffect(() => {
    asked.current = body;
  });
  useEffect(() => {
    remembered = shown;
    if (!shown.window.state().isFirst) void shown.window.refresh('all').catch(() => {});
  }, [shown]);
  useEffect(() => {
    if (shown.key === key) return undefined;
    const next = remember(key, asked.current);
    const stop = next.window.subscribe(() => {
      const { isFirst, error } = next.window.state();
      if (isFirst && error === null) return;
      stop();
      shown.window.end();
      setShown(next);
    });
    next.window.see(0, 0);
    return () => {
      stop();
      if (remembered !== next)
        queueMicrotask(() => remembered !== next && next.window.state().isFirst && next.window.end());
    };
  }, [key, shown]);
  return {
    list: shown,
    window: shown.window,
    state: useSyncExternalStore(shown.window.subscribe, shown.window.state),
    isStale: shown.key !== key,
  };
};
