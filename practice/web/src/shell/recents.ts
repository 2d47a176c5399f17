import { createStore } from '@archwire/ui';

/** A page that somebody opened lately: a patient, a study. */
export interface Recent {
  readonly to: string;
  readonly label: string;
}

const MOST = 5;
const recent = createStore<readonly Recent[]>([]);

/**
 * What was opened last, in the side bar. Held in memory alone: the labels are names of patients, which do not belong on
 * the disk of a shared computer.
 */
export const recents = {
  note: (entry: Recent): void =>
    recent.set([entry, ...recent.get().filter(({ to }) => to !== entry.to)].slice(0, MOST)),
  clear: (): void => recent.set([]),
  use: recent.use,
};
