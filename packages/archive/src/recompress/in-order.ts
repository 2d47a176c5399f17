/** Results in the order of the items, with at most `width` calls of `work` running ahead of whoever takes them. */
export async function* inOrder<T, R>(
  items: Iterable<T>,
  width: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const running: Promise<R>[] = [];
  for (const item of items) {
    const started = work(item);
    // Whoever stops early does not wait for it.
    started.catch(() => undefined);
    running.push(started);
    const first = running.length >= width ? running.shift() : undefined;
    if (first !== undefined) yield await first;
  }
  for (const started of running) yield await started;
}
