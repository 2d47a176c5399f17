/**
 * `receiving`: the last image came moments ago, more may follow. `preparing`: pictures are still being made.
 * `complete`: nothing is under way.
 */
export type ArrivalState = 'receiving' | 'preparing' | 'complete';

/** A device sends the images of a study one after the other; a pause this long means that it has finished, as far as anybody can know. */
const PAUSE_MS = 10_000;

export const arrivalState = (
  { lastArrivalAt, hasPending }: { readonly lastArrivalAt: string; readonly hasPending: boolean },
  now: number,
): ArrivalState => {
  if (now - Date.parse(lastArrivalAt) < PAUSE_MS) return 'receiving';
  return hasPending ? 'preparing' : 'complete';
};
