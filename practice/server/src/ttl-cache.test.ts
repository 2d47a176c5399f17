import { describe, expect, it } from 'vitest';
import { createTtlCache } from './ttl-cache.ts';

describe('the short memory', () => {
  it('asks once while fresh and again when stale', async () => {
    let time = 0;
    let reads = 0;
    const cache = createTtlCache<number>({ ttlMs: 10, max: 5, now: () => time });
    const read = async () => (reads += 1);
    expect(await Promise.all([cache.get('a', read), cache.get('a', read)])).toEqual([1, 1]);
    time = 9;
    expect(await cache.get('a', read)).toBe(1);
    time = 10;
    expect(await cache.get('a', read)).toBe(2);
    cache.delete('a');
    expect(await cache.get('a', read)).toBe(3);
  });

  it('forgets a failed read', async () => {
    const cache = createTtlCache<number>({ ttlMs: 10, max: 5 });
    await expect(cache.get('a', () => Promise.reject(new Error('down')))).rejects.toThrow('down');
    expect(await cache.get('a', async () => 1)).toBe(1);
  });

  it('holds no more than it may', async () => {
    const cache = createTtlCache<string>({ ttlMs: 1e9, max: 2 });
    for (const key of ['a', 'b', 'c']) await cache.get(key, async () => key);
    expect(await cache.get('c', async () => 'new')).toBe('c');
    expect(await cache.get('a', async () => 'new')).toBe('new');
  });
});
