import { describeFailure, type Failure } from './describe-failure.ts';
import type { OhifServices } from './ohif.ts';
import type { Session } from './session.ts';
import type { Texts } from './texts.ts';

export interface ErrorHandlerParts {
  texts: Texts;
  notify: OhifServices['uiNotificationService']['show'];
  session: Session;
  /** Opens the same page again, with the renewed session. */
  reload(): void;
  now(): number;
}

const QUIET_MS = 8_000;

/**
 * OHIF's `httpErrorHandler`: called for failed DICOMweb requests and for images that could not be loaded or decoded.
 * A failed image is otherwise a black viewport, which a clinician may take for the picture: every failure is said
 * aloud, but one sentence is said once in a while, not once per slice.
 */
export function createErrorHandler(parts: ErrorHandlerParts): (error: unknown) => void {
  const lastSaid = new Map<string, number>();
  let renewing = false;

  function say({ status, message }: Failure): void {
    const at = parts.now();
    const recent = [...lastSaid].filter(([, when]) => at - when < QUIET_MS).map(([said]) => said);
    // Cornerstone reports one failure twice, the second time without a reason.
    if (recent.includes(message) || (status === undefined && recent.length > 0)) return;
    lastSaid.set(message, at);
    parts.notify({ title: parts.texts.notShown, message, type: 'error', duration: 15_000 });
  }

  async function renewAndReload(): Promise<void> {
    renewing = true;
    const renewed = await parts.session.refused();
    renewing = false;
    if (renewed) parts.reload();
  }

  return (error) => {
    const failure = describeFailure(error, parts.texts);
    say(failure);
    if (failure.status === 401 && !renewing) void renewAndReload();
  };
}
