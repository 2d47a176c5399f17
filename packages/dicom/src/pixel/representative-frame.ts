import type { FrameHead } from './frame-head.ts';

/** The frame that stands for the object: Representative Frame Number (0028,6010) when it is one, else the middle one. From 1. */
export function representativeFrame({ header, dataSet }: FrameHead): number {
  const count = header.NumberOfFrames ?? 1;
  const stated = dataSet.uint16('x00286010');
  return stated !== undefined && stated >= 1 && stated <= count ? stated : Math.ceil(count / 2);
}
