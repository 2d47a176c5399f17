interface Entry<T> {
  readonly value: T;
  readonly until: number;
}

export interface TtlCache<T> {
  /** The remembered value, or what `read` answers now. Concurrent callers of one key share one read; a failed read is forgotten. */
  get(key: string, read: () => Promise<T>): Promise<T>;
  delete(key: string): void;
  clear(): void;
}

/** Remembers answers for a short time. At most `max` of them, the oldest leave first. */
export const createTtlCache = <T>(options: {
  readonly ttlMs: number;
  readonly max: number;
  readonly now?: () => number;
}): TtlCache<T> => {
  const now = options.now ?? Date.now;
  const entries = new Map<string, Entry<Promise<T>>>();
  return {
    get: async (key, read) => {
      const known = entries.get(key);
      if (known !== undefined && known.until > now()) return await known.value;
      const entry = { value: read(), until: now() + options.ttlMs };
      entries.delete(key);
      entries.set(key, entry);
      for (const oldest of entries.keys()) {
        if (entries.size <= options.max) break;
        entries.delete(oldest);
      }
      try {
        return await entry.value;
      } catch (error) {
        if (entries.get(key) === entry) entries.delete(key);
        throw error;
      }
    },
    delete: (key) => void entries.delete(key),
    clear: () => entries.clear(),
  };
};
