import type { ExportLeftOut } from '@archwire/contracts/api/exports';

/** Hears how far an export is. @throws AppError `conflict` when somebody stopped it. */
export interface ExportProgress {
  /** One more object is in the file. */
  through(): Promise<void>;
  leftOut(reason: ExportLeftOut): Promise<void>;
}

export interface ExportFigures {
  readonly done: number;
  readonly leftOut: Readonly<Record<string, number>>;
}

const EVERY_MS = 500;

/** Counts, and tells `write` twice a second at most; `figures` are those of the end. */
export const createExportProgress = (
  write: (figures: ExportFigures) => Promise<void>,
  now: () => number = Date.now,
): ExportProgress & { figures(): ExportFigures } => {
  let done = 0;
  let told = now();
  const leftOut: Record<string, number> = {};
  const tell = async (): Promise<void> => {
    if (now() - told < EVERY_MS) return;
    told = now();
    await write({ done, leftOut });
  };
  return {
    through: async () => {
      done += 1;
      await tell();
    },
    leftOut: async (reason) => {
      done += 1;
      leftOut[reason] = (leftOut[reason] ?? 0) + 1;
      await tell();
    },
    figures: () => ({ done, leftOut }),
  };
};
