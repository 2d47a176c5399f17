import type { DecodedFrame } from './decode-frame.ts';
import { lastGrayTable } from './last-gray-table.ts';
import { mapSamples } from './map-samples.ts';
import type { PixelDescription, Window } from './pixel-description.ts';
import { toRgb } from './to-rgb.ts';

/** 8 bits per channel, ready to be resized and encoded. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/** The frame as it is meant to be seen, before any resizing: windows act on pixels, not on their averages. */
export function pictureOf(frame: DecodedFrame, description: PixelDescription, window?: Window): Picture {
  const { columns: width, rows: height } = frame;
  const gray = frame.samplesPerPixel === 1 && frame.photometricInterpretation !== 'PALETTE COLOR';
  if (!gray) return { width, height, channels: 3, data: toRgb(frame, description) };
  const mapping = lastGrayTable(frame, description, window);
  const { samples } = frame;
  if (typeof mapping !== 'function' && !(samples instanceof Uint32Array))
    return { width, height, channels: 1, data: mapSamples(samples, mapping) };
  const data = new Uint8Array(samples.length);
  const map = typeof mapping === 'function' ? mapping : (pattern: number) => mapping[pattern] ?? 0;
  for (let i = 0; i < data.length; i++) data[i] = map(samples[i] ?? 0);
  return { width, height, channels: 1, data };
}
