import { AppError } from '@archwire/contracts';
import { parseMediaType } from '../http/media-type.ts';
import { FAILURE_REASON } from './failure-reason.ts';
import type { MultipartEvent } from './parse-multipart.ts';
import type { PartOutcome, PartStore } from './store-part.ts';

/** Instances whose bytes are on their way to the disk while the next part is read. */
const MAX_FINISHING = 8;

export interface StoredParts {
  /** One for every part that ended, in the order of the request. */
  readonly outcomes: readonly PartOutcome[];
  /** Why reading stopped before the closing boundary; what ended before is in `outcomes`. */
  readonly broken: AppError | undefined;
}

const isDicom = (contentType: string | undefined, fallback: string): boolean =>
  parseMediaType(contentType ?? fallback)?.essence === 'application/dicom';

/**
 * Stores the parts of a request as they come, with bounded memory whatever their number, and waits for the index at the end.
 * @throws whatever the connection throws when it breaks; parts that ended before are kept, the open one is dropped.
 */
export const storeParts = async ({
  events,
  openPart,
  defaultType,
}: {
  readonly events: AsyncIterable<MultipartEvent>;
  readonly openPart: () => PartStore;
  /** Media type of parts that name none: the `type` parameter of the request. */
  readonly defaultType: string;
}): Promise<StoredParts> => {
  const outcomes: Promise<PartOutcome>[] = [];
  const finishing = new Set<Promise<unknown>>();
  let part: PartStore | undefined;
  let broken: AppError | undefined;

  const finish = (store: PartStore): void => {
    const ended = store.end();
    finishing.add(ended);
    outcomes.push(
      ended.then(({ outcome }) => {
        finishing.delete(ended);
        return outcome;
      }),
    );
  };

  try {
    for await (const event of events) {
      if (event.kind === 'part') {
        part = isDicom(event.headers.get('content-type'), defaultType) ? openPart() : undefined;
        if (part === undefined) {
          outcomes.push(
            Promise.resolve({ kind: 'failed', identity: undefined, reason: FAILURE_REASON.cannotUnderstand }),
          );
        }
      } else if (event.kind === 'data') {
        await part?.write(event.chunk);
      } else if (part !== undefined) {
        finish(part);
        part = undefined;
        if (finishing.size >= MAX_FINISHING) await Promise.race(finishing);
      }
    }
  } catch (error) {
    await part?.abort();
    if (!(error instanceof AppError)) {
      await Promise.all(finishing);
      throw error;
    }
    broken = error;
  }
  return { outcomes: await Promise.all(outcomes), broken };
};
