/** At most `count` holders at once; others wait in order. Dispose the turn to give it on. */
export function createTurns(count: number): { take(): Promise<AsyncDisposable> } {
  let free = count;
  const waiting: (() => void)[] = [];
  const give = () => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  const turn: AsyncDisposable = { [Symbol.asyncDispose]: async () => give() };
  return {
    take: async () => {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      return turn;
    },
  };
}
