/** Counts the bytes that wait in memory over all associations. */
export interface ByteBudget {
  add(bytes: number): void;
  remove(bytes: number): void;
  isOver(): boolean;
  readonly used: number;
}

export const createByteBudget = (limit: number): ByteBudget => {
  let used = 0;
  return {
    add(bytes) {
      used += bytes;
    },
    remove(bytes) {
      used -= bytes;
    },
    isOver: () => used > limit,
    get used() {
      return used;
    },
  };
};
