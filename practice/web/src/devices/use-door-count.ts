import { useNotices } from '../quarantine/use-notices.ts';

/** How many senders wait to be let in. */
export const useDoorCount = (): number | undefined => useNotices()?.refusedDevices ?? undefined;
