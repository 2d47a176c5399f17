import { statfs } from 'node:fs/promises';
import { AppError } from '@archwire/contracts';
import type { HealthCheck } from './health.ts';

/** Well while the disk of this folder has so much free for us. */
export const diskHeadroom = (folder: string, bytes: number): HealthCheck => ({
  name: 'disk',
  check: async () => {
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    if (free < bytes) {
      const megabytes = (count: number) => Math.floor(count / (1024 * 1024));
      throw new AppError(
        'storage-full',
        `Only ${megabytes(free)} MB are free on the disk of the data folder; ${megabytes(bytes)} MB must be. Make room, or lower ARCHWIRE_DISK_HEADROOM_MB.`,
      );
    }
  },
});
