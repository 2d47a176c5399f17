import type { InstanceHead } from '../instance-head.ts';

/** What the pixel code needs of `readInstanceHead`'s result. */
export type FrameHead = Pick<InstanceHead, 'header' | 'pixelData' | 'dataSet'>;
