/**
 * Maps with at most `width` calls running at once; results keep the order of the items. `lane` counts from 0 to `width - 1` and is
 * never that of another call at the same time.
 */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T, lane: number) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const run = async (lane: number) => {
    for (const [index, item] of queue) results[index] = await work(item, lane);
  };
  await Promise.all(
    Array.from({ length: Math.min(width, items.length) }, async (_, lane) => await run(lane)),
  );
  return results;
}
