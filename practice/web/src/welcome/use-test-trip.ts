import type { EndpointResponse } from '@archwire/contracts/api';
import { setupApi } from '@archwire/contracts/api/setup';
import { useCallback, useEffect, useRef, useState } from 'react';
import { call } from '../api/call.ts';

type Sent = EndpointResponse<typeof setupApi.sendTestImage>;

/** How far a test image has come, by what the server really says. */
export interface TestTrip {
  readonly phase: 'idle' | 'sending' | 'sent' | 'indexed' | 'pictured' | 'seen';
  readonly sent: Sent | undefined;
  readonly error: unknown;
  /** From the press of the button to the picture on this screen. */
  readonly milliseconds: number | undefined;
  readonly isSlow: boolean;
  readonly send: (deviceId: string | null) => Promise<void>;
  /** The picture was drawn. */
  readonly see: () => void;
  readonly reset: () => void;
}

const ASK_EVERY_MS = 120;
const SLOW_MS = 15_000;

export const useTestTrip = (): TestTrip => {
  const [phase, setPhase] = useState<TestTrip['phase']>('idle');
  const [sent, setSent] = useState<Sent>();
  const [error, setError] = useState<unknown>();
  const [milliseconds, setMilliseconds] = useState<number>();
  const [isSlow, setIsSlow] = useState(false);
  const startedAt = useRef(0);

  const send = useCallback(async (deviceId: string | null) => {
    startedAt.current = performance.now();
    setError(undefined);
    setSent(undefined);
    setIsSlow(false);
    setPhase('sending');
    try {
      setSent(await call(setupApi.sendTestImage, { body: { deviceId } }));
      setPhase('sent');
    } catch (problem) {
      setError(problem);
      setPhase('idle');
    }
  }, []);

  const waits = phase === 'sent' || phase === 'indexed';
  const sopInstanceUid = sent?.sopInstanceUid;
  useEffect(() => {
    if (!waits || sopInstanceUid === undefined) return undefined;
    let stale = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      const state = await call(setupApi.testImage, { query: { sopInstanceUid } }).catch(() => undefined);
      if (stale) return;
      if (state?.thumbnail === true) setPhase('pictured');
      else if (state?.indexed === true) setPhase('indexed');
      setIsSlow(performance.now() - startedAt.current > SLOW_MS);
      timer = setTimeout(() => void ask(), ASK_EVERY_MS);
    };
    void ask();
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [waits, sopInstanceUid]);

  return {
    phase,
    sent,
    error,
    milliseconds,
    isSlow: isSlow && waits,
    send,
    see: () => {
      setMilliseconds(Math.round(performance.now() - startedAt.current));
      setPhase('seen');
    },
    reset: () => {
      setPhase('idle');
      setSent(undefined);
    },
  };
};
