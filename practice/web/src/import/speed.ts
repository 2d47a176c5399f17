const WINDOW_MS = 6000;

/** Bytes per second over the last seconds; pauses count, so that the time that remains is honest. */
export const createSpeed = (now: () => number = () => performance.now()) => {
  let marks: { readonly at: number; readonly bytes: number }[] = [];
  return {
    /** All that was sent so far. */
    note: (bytes: number): number | null => {
      const at = now();
      marks = [...marks.filter((mark) => at - mark.at < WINDOW_MS), { at, bytes }];
      const [first] = marks;
      if (first === undefined || at - first.at < 500) return null;
      return Math.max(0, ((bytes - first.bytes) * 1000) / (at - first.at));
    },
  };
};
