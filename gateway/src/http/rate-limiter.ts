import { AppError } from '@archwire/contracts';

interface Bucket {
  tokens: number;
  at: number;
}

export interface RateLimiter {
  /** Takes one from the bucket of this key. @throws AppError `rate-limited` with `details.retryAfterSeconds`. */
  take(key: string): void;
}

/**
 * Token buckets in memory: `burst` at once, then `perMinute`. Every process counts for itself; the account's own lockout,
 * in the database, is what stops guessing for good. At most `max` keys, the longest unused leave first.
 */
export const createRateLimiter = (options: {
  readonly burst: number;
  readonly perMinute: number;
  readonly max?: number;
  readonly now?: () => number;
}): RateLimiter => {
  const { burst, perMinute, max = 20_000, now = Date.now } = options;
  const perMs = perMinute / 60_000;
  const buckets = new Map<string, Bucket>();
  return {
    take: (key) => {
      const time = now();
      const known = buckets.get(key);
      const tokens = known === undefined ? burst : Math.min(burst, known.tokens + (time - known.at) * perMs);
      buckets.delete(key);
      buckets.set(key, { tokens: Math.max(0, tokens - 1), at: time });
      const [oldest] = buckets.keys();
      if (buckets.size > max && oldest !== undefined) buckets.delete(oldest);
      if (tokens < 1) {
        const retryAfterSeconds = Math.ceil((1 - tokens) / perMs / 1000);
        buckets.set(key, { tokens, at: time });
        throw new AppError('rate-limited', `Too many attempts. Try again in ${retryAfterSeconds} seconds.`, {
          details: { reason: 'too-many-requests', retryAfterSeconds },
        });
      }
    },
  };
};
