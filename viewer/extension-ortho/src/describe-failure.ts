/** What a failed request means to the person in front of the screen. */
export interface Failure {
  /** Undefined when no answer came, or when the bytes came but could not be decoded. */
  status: number | undefined;
  message: string;
}

const MESSAGES: Record<number, string> = {
  401: 'Your session has ended. Sign in again to see this image.',
  403: 'You are not allowed to see this image. Ask an administrator for access.',
  404: 'The image was not found in the archive. It may have been removed.',
  406: 'The server cannot send this image in a form that the viewer reads. Download the original instead.',
  429: 'Too many requests at once. Wait a moment, then reload.',
  503: 'The archive is not available at the moment. Wait a moment, then reload.',
};

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
export function describeFailure(error: unknown): Failure {
  const status = statusOf(error);
  if (status === undefined) {
    return {
      status,
      message: 'The image could not be loaded or decoded. A black area is NOT the image: reload.',
    };
  }
  return {
    status,
    message:
      MESSAGES[status] ?? `The server answered ${status}. Reload; if it stays, tell your administrator.`,
  };
}
