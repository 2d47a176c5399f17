import { createStore } from '../create-store.ts';

/** A short word about something that just happened. */
export interface Toast {
  readonly text: string;
  /** `danger` stays until it is closed; the others leave by themselves. */
  readonly tone?: 'ok' | 'info' | 'warn' | 'danger';
  /** A way back, or on. Its label stands on a button. */
  readonly action?: { readonly label: string; readonly run: () => void };
}

export interface ShownToast extends Toast {
  readonly id: number;
}

const MOST = 4;
const shown = createStore<readonly ShownToast[]>([]);
let last = 0;

/** Says something in the corner, read out politely: `toasts.show({ text: text('saved'), tone: 'ok' })`. */
export const toasts = {
  show: (toast: Toast): number => {
    last += 1;
    shown.set([...shown.get(), { ...toast, id: last }].slice(-MOST));
    return last;
  },
  close: (id: number): void => shown.set(shown.get().filter((toast) => toast.id !== id)),
  /** The toasts in sight; draws again when they change. */
  use: shown.use,
};
