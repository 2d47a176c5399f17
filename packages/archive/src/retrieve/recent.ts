/** A map of the values used most recently; the oldest goes when a new one comes. */
export interface Recent<T> {
  /** The value of a key, made when it is not there. A value that fails to be made is forgotten. */
  get(key: string, make: () => Promise<T>): Promise<T>;
}

export const createRecent = <T>(capacity: number): Recent<T> => {
  const values = new Map<string, Promise<T>>();
  return {
    get: (key, make) => {
      const known = values.get(key);
      values.delete(key);
      const value = known ?? make();
      values.set(key, value);
      if (known === undefined) {
        value.catch(() => {
          if (values.get(key) === value) values.delete(key);
        });
      }
      const [oldest] = values.keys();
      if (values.size > capacity && oldest !== undefined) values.delete(oldest);
      return value;
    },
  };
};
