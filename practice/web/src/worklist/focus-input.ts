/** Of the frame of a dialog, as its `ref`: typing begins in its first field. */
export const focusInput = (frame: HTMLElement | null): void => frame?.querySelector('input')?.focus();
