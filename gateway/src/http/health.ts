import { AppError } from '@archwire/contracts';

/** One part that the server cannot work without. @throws with a message for the operator when it is not well. */
export interface HealthCheck {
  readonly name: string;
  readonly check: () => Promise<void>;
}

export interface Readiness {
  readonly ready: boolean;
  readonly parts: Readonly<Record<string, 'ok' | { readonly reason: string }>>;
}

const TIME_LIMIT_MS = 3000;
const REMEMBER_MS = 1000;

const withLimit = async (work: Promise<void>): Promise<void> => {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new AppError('unavailable', 'It does not answer.')),
    TIME_LIMIT_MS,
  );
  try {
    await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
};

const reasonOf = (error: unknown): string =>
  error instanceof AppError
    ? error.message
    : error instanceof Error && 'code' in error
      ? String(error.code)
      : 'It failed.';

/** Asks every part at once. A good answer is believed for a second, so that a probe that hammers costs nothing. */
export const createReadiness = (
  checks: readonly HealthCheck[],
  now: () => number = Date.now,
): (() => Promise<Readiness>) => {
  let last: { readonly at: number; readonly value: Readiness } | undefined;
  let asking: Promise<Readiness> | undefined;
  const ask = async (): Promise<Readiness> => {
    const parts = await Promise.all(
      checks.map(async ({ name, check }) => {
        try {
          await withLimit(check());
          return [name, 'ok'] as const;
        } catch (error) {
          return [name, { reason: reasonOf(error) }] as const;
        }
      }),
    );
    const value = { ready: parts.every(([, state]) => state === 'ok'), parts: Object.fromEntries(parts) };
    if (value.ready) last = { at: now(), value };
    return value;
  };
  return async () => {
    if (last !== undefined && now() - last.at < REMEMBER_MS) return last.value;
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return await asking;
  };
};
