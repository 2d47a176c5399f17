import { readdir, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { Archive } from '@archwire/archive';
import type { NodeFigures } from '@archwire/practice-server';
import type { Readiness } from '../http/health.ts';

const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Bytes and number of the files in these folders; what is removed meanwhile does not count. */
const usage = async (folders: readonly string[]): Promise<{ bytes: number; files: number }> => {
  let bytes = 0;
  let files = 0;
  for (const folder of folders) {
    const names = await readdir(folder).catch((error: unknown) => {
      if (isGone(error)) return [];
      throw error;
    });
    for (const name of names) {
      const size = await stat(path.join(folder, name)).then(
        (entry) => entry.size,
        (error: unknown) => {
          if (isGone(error)) return null;
          throw error;
        },
      );
      if (size === null) continue;
      bytes += size;
      files += 1;
    }
  }
  return { bytes, files };
};

/** What this process says of itself every few seconds. */
export const nodeFigures =
  (parts: {
    readonly dataDir: string;
    readonly journalFolder: string;
    readonly headroomBytes: number;
    readonly archive: Pick<Archive, 'journal' | 'indexer'>;
    readonly readiness: () => Promise<Readiness>;
  }): (() => Promise<NodeFigures>) =>
  async () => {
    const { journal, indexer } = parts.archive;
    const [readiness, disk, files] = await Promise.all([
      parts.readiness(),
      statfs(parts.dataDir),
      usage(['segments', 'spare', 'large'].map((name) => path.join(parts.journalFolder, name))),
    ]);
    return {
      memoryBytes: process.memoryUsage.rss(),
      disk: {
        totalBytes: disk.blocks * disk.bsize,
        freeBytes: disk.bavail * disk.bsize,
        headroomBytes: parts.headroomBytes,
      },
      journal: { ...files, unsettled: journal.held().ranges, unindexed: indexer.backlog().rows },
      problems: Object.entries(readiness.parts).flatMap(([part, state]) =>
        state === 'ok' ? [] : [{ part, reason: state.reason }],
      ),
    };
  };
