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
let shown: readonly ShownToast[] = [];
let last = 0;
const listeners = new Set<() => void>();
const become = (next: readonly ShownToast[]): void => {
  shown = next;
  for (const listener of listeners) listener();
};

/** Says something in the corner, read out politely: `toasts.show({ text: text('saved'), tone: 'ok' })`. */
export const toasts = {
  show: (toast: Toast): number => {
    last += 1;
    become([...shown, { ...toast, id: last }].slice(-MOST));
    return last;
  },
  close: (id: number): void => become(shown.filter((toast) => toast.id !== id)),
  current: (): readonly ShownToast[] => shown,
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};
