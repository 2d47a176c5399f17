import { useEffect, useRef } from 'react';
import { listen, shortcuts } from './shortcuts.ts';

/**
 * A key for something, as long as the component is there: `useShortcut('g s', openStudies, { label, group })`. Single
 * letters are not heard while somebody types or a dialog is open.
 */
export const useShortcut = (
  keys: string,
  run: () => void,
  {
    label,
    group,
    isDisabled = false,
  }: { readonly label: string; readonly group: string; readonly isDisabled?: boolean },
): void => {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (isDisabled) return undefined;
    listen();
    const shortcut = { keys, label, group, run: () => latest.current() };
    shortcuts.set([...shortcuts.get(), shortcut]);
    return () => shortcuts.set(shortcuts.get().filter((other) => other !== shortcut));
  }, [keys, label, group, isDisabled]);
};
