import { zipEntries, zipProblem } from './zip-reader.ts';
import type { SpooledFile } from './spool.ts';

/** What an archive may cost before anything of it is unpacked. Images shrink to a half or a tenth; black ones to a hundredth. */
export const ZIP_LIMITS = {
  entries: 100_000,
  /** An archive may always grow to this much, and to `ratio` times its size beyond. */
  freeBytes: 1024 ** 3,
  ratio: 100,
  entryFreeBytes: 64 * 1024 ** 2,
  entryRatio: 200,
  /** Archives inside the archive that came. */
  depth: 1,
} as const;

export interface ZipPlan {
  readonly entryCount: number;
  /** What all entries claim to grow to. */
  readonly totalBytes: number;
}

/**
 * Reads the central directory alone and decides whether the archive may be opened.
 * @throws AppError `invalid`: `zip-bomb` (too much, or files that share their bytes), `zip-entries`, `zip-damaged`.
 */
export const planZip = async (file: SpooledFile): Promise<ZipPlan> => {
  let entryCount = 0;
  let totalBytes = 0;
  let compressed = 0;
  const most = Math.max(ZIP_LIMITS.freeBytes, file.size * ZIP_LIMITS.ratio);
  for await (const entry of zipEntries(file)) {
    entryCount += 1;
    totalBytes += entry.size;
    compressed += entry.compressedSize;
    if (entryCount > ZIP_LIMITS.entries) throw zipProblem('zip-entries');
    // More compressed bytes than the archive has: its files overlap.
    if (totalBytes > most || compressed > file.size) throw zipProblem('zip-bomb');
  }
  return { entryCount, totalBytes };
};

/** Whether one file of an archive grows beyond what an image can. */
export const isEntryBomb = (entry: { readonly size: number; readonly compressedSize: number }): boolean =>
  entry.size > ZIP_LIMITS.entryFreeBytes && entry.size > entry.compressedSize * ZIP_LIMITS.entryRatio;
