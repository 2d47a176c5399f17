import type { Logger } from '@archwire/runtime';

/** Why a sub-operation came to nothing, in a word; with what the peer said, or with what went wrong here. */
export interface SubOperationFailure {
  readonly at: string;
  readonly status?: number;
  readonly error?: unknown;
}

/**
 * Tells the log of failed sub-operations: of each kind the first, by `names` of who is concerned. The counters in the last
 * response say how many there were.
 */
export const tellFailures = (
  log: Pick<Logger, 'warn'>,
  names: Readonly<Record<string, string | null>>,
): ((sopInstanceUid: string, failure: SubOperationFailure) => void) => {
  const told = new Set<string>();
  return (uid, { at, status, error }) => {
    const kind = `${at} ${status ?? ''}`;
    if (told.has(kind)) return;
    told.add(kind);
    log.warn(
      {
        ...names,
        uid,
        at,
        ...(status === undefined ? {} : { status }),
        ...(error === undefined ? {} : { err: error }),
      },
      'instance not sent',
    );
  };
};
