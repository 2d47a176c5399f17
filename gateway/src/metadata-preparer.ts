export interface MetadataPreparer {
  /** A series has settled: what a viewer asks of it first is built when nothing is being received. Never throws. */
  settled(tenantId: string, seriesId: string): void;
  /** Finishes the series at hand; the others are built when somebody asks for them. */
  stop(): Promise<void>;
}

/** Beyond that, the first request builds what is missing. */
const MOST_WAITING = 10_000;

/** Builds series metadata behind settling, one series after the other; a series that settles twice meanwhile is built once. */
export const createMetadataPreparer = ({
  calm,
  prepare,
  onProblem,
}: {
  readonly calm: () => Promise<void>;
  readonly prepare: (tenantId: string, seriesId: string) => Promise<void>;
  readonly onProblem: (error: unknown, seriesId: string) => void;
}): MetadataPreparer => {
  const waiting = new Map<string, string>();
  let running: Promise<void> | undefined;
  let isStopping = false;

  const drain = async (): Promise<void> => {
    for (const [seriesId, tenantId] of waiting) {
      await calm();
      if (isStopping) break;
      waiting.delete(seriesId);
      try {
        await prepare(tenantId, seriesId);
      } catch (error) {
        onProblem(error, seriesId);
      }
    }
    running = undefined;
  };

  return {
    settled: (tenantId, seriesId) => {
      if (isStopping || waiting.size >= MOST_WAITING) return;
      waiting.set(seriesId, tenantId);
      running ??= drain();
    },
    stop: async () => {
      isStopping = true;
      await running;
    },
  };
};
