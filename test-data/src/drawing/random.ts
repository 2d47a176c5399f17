/** A stream of numbers that depends on the seed alone (mulberry32), so that every generated study is the same everywhere. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** Roughly normal, mean 0, standard deviation 1 (sum of uniforms: cheap, and good enough for grain). */
  normal(): number;
  /** A whole number in [0, count). */
  below(count: number): number;
  pick<T>(items: readonly [T, ...T[]]): T;
}

/** 32-bit FNV-1a of the text: turns a name into a seed. */
export const seedOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash >>> 0;
};

export const createRandom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const random: Random = {
    next,
    between: (low, high) => low + (high - low) * next(),
    normal: () => (next() + next() + next() + next() - 2) * 1.732,
    below: (count) => Math.floor(next() * count),
    pick: (items) => items[random.below(items.length)] ?? items[0],
  };
  return random;
};
