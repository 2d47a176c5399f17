import { useSyncExternalStore } from 'react';

/** A preference that this browser keeps, in every tab alike. */
export interface Choice<T extends string> {
  readonly get: () => T;
  /** `null` goes back to what is taken when nothing was chosen. */
  readonly set: (value: T | null) => void;
  readonly subscribe: (listener: () => void) => () => void;
  readonly use: () => T;
}

const read = (key: string): string | null => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};

/** `isValue` guards against what an older version, or a person, left in the storage. */
export const createChoice = <T extends string>(
  key: string,
  isValue: (text: string) => text is T,
  otherwise: () => T,
): Choice<T> => {
  const parse = (text: string | null): T => (text !== null && isValue(text) ? text : otherwise());
  let current = parse(read(key));
  const listeners = new Set<() => void>();
  const become = (value: T): void => {
    current = value;
    for (const listener of listeners) listener();
  };
  window.addEventListener('storage', (event) => {
    if (event.key === key) become(parse(event.newValue));
  });
  const choice: Choice<T> = {
    get: () => current,
    set: (value) => {
      try {
        if (value === null) localStorage.removeItem(key);
        else localStorage.setItem(key, value);
      } catch {
        // Storage may be forbidden or full: the choice then lasts as long as the page.
      }
      become(value ?? otherwise());
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    use: () => useSyncExternalStore(choice.subscribe, choice.get),
  };
  return choice;
};
