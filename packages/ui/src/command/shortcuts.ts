import { createStore } from '../create-store.ts';

/** `g s` are two keys one after the other, `mod+k` two at once, `mod` being ⌘ or Ctrl. */
export interface Shortcut {
  readonly keys: string;
  readonly label: string;
  readonly group: string;
  readonly run: () => void;
}

/** What can be pressed at the moment; `ShortcutsHelp` lists it. */
export const shortcuts = createStore<readonly Shortcut[]>([]);

const SEQUENCE_MS = 1000;
let first = '';
let firstAt = 0;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

const onKeyDown = (event: KeyboardEvent): void => {
  if (event.defaultPrevented || event.repeat || event.isComposing || event.altKey) return;
  const mod = event.ctrlKey || event.metaKey;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  // Letters belong to whoever types, and to the dialog that is open.
  if (
    !mod &&
    (isTyping(event.target) || document.querySelector('[role=dialog],[role=alertdialog]') !== null)
  ) {
    return;
  }
  const sequence = !mod && Date.now() - firstAt < SEQUENCE_MS ? `${first} ${key}` : '';
  const wanted = mod ? `mod+${key}` : key;
  // The newest wins: a page may take over what the frame does.
  const found = shortcuts.get().findLast(({ keys }) => keys === sequence || keys === wanted);
  first = mod ? '' : key;
  firstAt = Date.now();
  if (found === undefined) return;
  event.preventDefault();
  first = '';
  found.run();
};

let listening = false;
/** Starts to hear keys, once for the whole page. */
export const listen = (): void => {
  if (listening) return;
  listening = true;
  document.addEventListener('keydown', onKeyDown);
};
