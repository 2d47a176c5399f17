/** Answers of a costly question by key, shared by whoever asks at the same time. */
export interface FreshAnswers<T> {
  /** An answer that is never older than this call: while a question is under way, who comes shares the one after it. */
  get(key: string, ask: () => Promise<T>): Promise<T>;
}

export const createFreshAnswers = <T>(): FreshAnswers<T> => {
  const running = new Map<string, Promise<T>>();
  const following = new Map<string, Promise<T>>();

  const start = (key: string, ask: () => Promise<T>): Promise<T> => {
    const answer = ask().finally(() => {
      if (running.get(key) === answer) running.delete(key);
    });
    running.set(key, answer);
    return answer;
  };

  return {
    get: (key, ask) => {
      const waiting = following.get(key);
      if (waiting !== undefined) return waiting;
      const current = running.get(key);
      if (current === undefined) return start(key, ask);
      const after = async (): Promise<T> => {
        following.delete(key);
        return await start(key, ask);
      };
      const next = current.then(after, after);
      following.set(key, next);
      return next;
    },
  };
};
