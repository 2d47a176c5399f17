import { createStore } from '@archwire/ui';

/** Files that were dropped on a patient's page, on their way to the page that adds them. */
export const droppedRecord = createStore<readonly File[]>([]);
