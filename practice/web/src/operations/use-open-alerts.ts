import { operationsApi } from '@archwire/contracts/api/operations';
import { useEndpoint } from '../api/use-endpoint.ts';
import { useMay } from '../api/use-me.ts';
import type { Alert } from './alert-words.ts';

const STALE_MS = 30_000;
const NONE: readonly Alert[] = [];

/** What is the matter and not yet known to anybody; nothing for people who may not see it. */
export const useUnknownAlerts = (): readonly Alert[] => {
  const may = useMay('operations.health.read');
  const { data } = useEndpoint(operationsApi.alerts, {}, { enabled: may, staleTime: STALE_MS });
  return data?.open.filter(({ acknowledgedAt }) => acknowledgedAt === null) ?? NONE;
};

/** How many that are. */
export const useOpenAlerts = (): number | undefined => useUnknownAlerts().length;
