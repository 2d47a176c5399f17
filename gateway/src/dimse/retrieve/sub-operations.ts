import { writeDataSet } from '@archwire/dicom';
import type { CommandElements } from '../command-codec.ts';
import type { DimseRequest, DimseResult } from '../dimse-service.ts';
import { CANCELLED, NOTHING_SENT, PENDING, SOME_NOT_SENT, SUCCESS } from '../dimse-status.ts';

/** What became of one C-STORE sub-operation. */
export interface SubOperation {
  readonly SOPInstanceUID: string;
  readonly outcome: 'completed' | 'warning' | 'failed';
}

/** An explicit UI value has a 16-bit length: a thousand of the longest UIDs. */
const MOST_LISTED = 1000;

/** The counters of a retrieve and the list of what failed (PS3.4 C.4.2.1.6 to C.4.2.1.8). */
class Tally {
  readonly #waiting: Set<string>;
  readonly #failed: string[] = [];
  #completed = 0;
  #warning = 0;

  constructor(uids: readonly string[]) {
    this.#waiting = new Set(uids);
  }

  get remaining(): number {
    return this.#waiting.size;
  }

  count({ SOPInstanceUID, outcome }: SubOperation): void {
    this.#waiting.delete(SOPInstanceUID);
    if (outcome === 'completed') this.#completed++;
    else if (outcome === 'warning') this.#warning++;
    else this.#failed.push(SOPInstanceUID);
  }

  /** Nobody will try what is left. */
  giveUp(): void {
    this.#failed.push(...this.#waiting);
    this.#waiting.clear();
  }

  elements(withRemaining: boolean): CommandElements {
    return {
      ...(withRemaining ? { NumberOfRemainingSuboperations: this.remaining } : {}),
      NumberOfCompletedSuboperations: this.#completed,
      NumberOfFailedSuboperations: this.#failed.length,
      NumberOfWarningSuboperations: this.#warning,
    };
  }

  status(): DimseResult['status'] {
    if (this.#failed.length === 0 && this.#warning === 0) return SUCCESS;
    return this.#completed + this.#warning === 0 ? NOTHING_SENT : SOME_NOT_SENT;
  }

  failedList(transferSyntax: string): { readonly dataSet?: Buffer } {
    if (this.#failed.length === 0) return {};
    const list = { '00080058': { vr: 'UI', Value: this.#failed.slice(0, MOST_LISTED) } };
    return { dataSet: writeDataSet(list, transferSyntax, '') };
  }
}

/**
 * Follows the sub-operations of a C-MOVE or C-GET: tells the peer how far they are, stops on C-CANCEL, and makes the last
 * response of them. `results` names what was tried, in any order; what it never names has failed.
 */
export const followSubOperations = async (
  uids: readonly string[],
  results: AsyncIterable<SubOperation>,
  { context, pending, signal }: Pick<DimseRequest, 'context' | 'pending' | 'signal'>,
): Promise<DimseResult> => {
  const tally = new Tally(uids);
  let error: unknown;
  try {
    if (!signal.aborted) {
      for await (const result of results) {
        tally.count(result);
        if (tally.remaining > 0) await pending([{ status: PENDING, elements: tally.elements(true) }]);
        if (signal.aborted) break;
      }
    }
  } catch (cause) {
    error = cause;
  }
  if (signal.aborted && tally.remaining > 0)
    return {
      status: CANCELLED,
      elements: tally.elements(true),
      ...tally.failedList(context.transferSyntax),
      ...(error === undefined ? {} : { error }),
    };
  tally.giveUp();
  return {
    status: tally.status(),
    elements: tally.elements(false),
    ...tally.failedList(context.transferSyntax),
    ...(error === undefined ? {} : { error }),
  };
};
