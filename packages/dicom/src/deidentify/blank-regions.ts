import type { CleanRegion } from './deidentify-profile.ts';

/** How one native frame lies in memory. */
export interface FrameLayout {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  readonly bytesPerSample: number;
  /** Planar Configuration 1. */
  readonly planar: boolean;
  readonly photometricInterpretation: string;
}

/** Black of a sample: the chrominance of black is the middle of its range. */
const blackOf = (sample: number, { photometricInterpretation, bytesPerSample }: FrameLayout): number =>
  sample > 0 && photometricInterpretation.startsWith('YBR_') ? 2 ** (bytesPerSample * 8 - 1) : 0;

/** Blanks the regions of a frame in place; every other pixel keeps its value. Low values are what MONOCHROME1 shows bright. */
export const blankRegions = (frame: Buffer, layout: FrameLayout, regions: readonly CleanRegion[]): void => {
  const { rows, columns, samplesPerPixel, bytesPerSample, planar } = layout;
  for (const region of regions) {
    const left = Math.max(0, region.left);
    const right = Math.min(columns, region.left + region.width);
    const bottom = Math.min(rows, region.top + region.height);
    for (let row = Math.max(0, region.top); row < bottom; row += 1)
      for (let sample = 0; sample < samplesPerPixel; sample += 1) {
        const black = blackOf(sample, layout);
        for (let column = left; column < right; column += 1) {
          const pixel = row * columns + column;
          const at = planar ? sample * rows * columns + pixel : pixel * samplesPerPixel + sample;
          frame.writeUIntLE(black, at * bytesPerSample, bytesPerSample);
        }
      }
  }
};
