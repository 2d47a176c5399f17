import { useCallback, useRef, useState } from 'react';
import { ApiProblem } from '../api/api-problem.ts';
import { useExplain } from './use-explain.ts';

interface Work {
  readonly working: boolean;
  readonly wrong: string | undefined;
  /** When a next attempt is accepted again, in milliseconds of the clock; `null` when nothing is locked. */
  readonly lockedUntil: number | null;
  readonly say: (wrong: string | undefined) => void;
  /** Runs one thing at a time: a double click is one attempt. Resolves to whether it worked. */
  readonly run: (work: () => Promise<unknown>) => Promise<boolean>;
}

/** One form's doing: whether it works, what went wrong, and how long the account rests after too many attempts. */
export const useWork = (): Work => {
  const explain = useExplain();
  const busy = useRef(false);
  const [working, setWorking] = useState(false);
  const [wrong, setWrong] = useState<string>();
  const [lockedUntil, setLockedUntil] = useState<number | null>(null);
  const run = useCallback(
    async (work: () => Promise<unknown>): Promise<boolean> => {
      if (busy.current) return false;
      busy.current = true;
      setWorking(true);
      setWrong(undefined);
      setLockedUntil(null);
      try {
        await work();
        return true;
      } catch (error) {
        if (error instanceof ApiProblem && error.kind === 'rate-limited') {
          const seconds = Number(error.details['retryAfterSeconds'] ?? 30);
          setLockedUntil(Date.now() + seconds * 1000);
        } else setWrong(explain(error));
        return false;
      } finally {
        busy.current = false;
        setWorking(false);
      }
    },
    [explain],
  );
  return { working, wrong, lockedUntil, say: setWrong, run };
};
