import { createPixelPool } from '@archwire/dicom';
import { median } from '../measure/table.ts';
import type { TestImage } from './test-images.ts';

const WARM_UP = 3;
const ROUNDS = 9;

export interface DeriveCost {
  readonly kind: string;
  /** CPU milliseconds of this process and its pixel thread for the three pictures of one image. */
  readonly picturesCpuMs: number;
  /** Bytes of the pixels without any compression. */
  readonly rawBytes: number;
  readonly thumbnailBytes: number;
  readonly previewBytes: number;
  readonly displayBytes: number;
}

const cpuMilliseconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Median CPU milliseconds of one call, after some that warm up. */
export const cpuOf = async (work: () => Promise<unknown>): Promise<number> => {
  const rounds: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    const before = cpuMilliseconds();
    await work();
    if (round >= WARM_UP) rounds.push(cpuMilliseconds() - before);
  }
  return median(rounds);
};

/** What making the pictures of each image costs, and what they weigh. */
export const measureDeriveCost = async (images: readonly TestImage[]): Promise<readonly DeriveCost[]> => {
  const pool = createPixelPool({ threads: 1 });
  try {
    const costs: DeriveCost[] = [];
    for (const { kind, description, frame } of images) {
      const ask = async () => await pool.derive(description, Buffer.from(frame));
      const picturesCpuMs = await cpuOf(ask);
      const { thumbnail, preview, display } = await ask();
      const { rows, columns, samplesPerPixel, bitsAllocated } = description;
      costs.push({
        kind,
        picturesCpuMs,
        rawBytes: rows * columns * samplesPerPixel * Math.ceil(bitsAllocated / 8),
        thumbnailBytes: thumbnail.data.length,
        previewBytes: preview.data.length,
        displayBytes: display.data.length,
      });
    }
    return costs;
  } finally {
    await pool.close();
  }
};
