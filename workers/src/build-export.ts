import type { BuildExport } from '@archwire/archive';
import type { Processor } from './processor.ts';

/** One in each process: it reads, decodes and writes as fast as the disk takes it. */
export const buildExport = (exports: BuildExport): Processor<'build-export'> => ({
  process: async (payload, { lastAttempt }) => {
    await exports.build(payload, { lastAttempt });
  },
  policy: { concurrency: 1, attempts: 4, backoffMs: 5000 },
});
