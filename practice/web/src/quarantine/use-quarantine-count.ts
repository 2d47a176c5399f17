import { useNotices } from './use-notices.ts';

/** How many studies and conflicts wait for a person. */
export const useQuarantineCount = (): number | undefined => {
  const notices = useNotices();
  return notices === undefined ? undefined : (notices.quarantinedStudies ?? 0) + (notices.openConflicts ?? 0);
};
