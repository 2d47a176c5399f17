import type { Texts } from './texts.ts';

/** What a failed request means to the person in front of the screen. */
export interface Failure {
  /** Undefined when no answer came, or when the bytes came but could not be decoded. */
  status: number | undefined;
  message: string;
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('status' in error && typeof error.status === 'number')
    return error.status > 0 ? error.status : undefined;
  if ('error' in error) return statusOf(error.error);
  // The streaming loader puts the status into its message only.
  const text = 'message' in error ? String(error.message) : '';
  const found = /status (\d{3})/.exec(text);
  return found?.[1] === undefined ? undefined : Number(found[1]);
}

/**
 * Turns whatever OHIF, Cornerstone or dicomweb-client throws into a sentence that says what to do next.
 * The server's own text is not shown: it may name a patient.
 */
export function describeFailure(error: unknown, texts: Texts): Failure {
  const status = statusOf(error);
  if (status === undefined) return { status, message: texts.undecodable };
  return { status, message: texts.byStatus[status] ?? texts.otherStatus(status) };
}
