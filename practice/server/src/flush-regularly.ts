export interface RegularFlush {
  /** Writes what is waiting, after a flush that is under way. @throws what the write throws. */
  flush(): Promise<void>;
  /** Flushes again and again; `onError` hears of a failed one. The returned stop flushes a last time. */
  start(onError: (error: unknown) => void): () => Promise<void>;
}

/** For what is counted in memory and written in batches: `write` never runs twice at once. */
export const flushRegularly = (write: () => Promise<void>, everyMs: number): RegularFlush => {
  let flushing: Promise<void> = Promise.resolve();
  const flush = async (): Promise<void> => {
    flushing = flushing.catch(() => {}).then(write);
    await flushing;
  };
  return {
    flush,
    start: (onError) => {
      const timer = setInterval(() => void flush().catch(onError), everyMs);
      return async () => {
        clearInterval(timer);
        await flush();
      };
    },
  };
};
