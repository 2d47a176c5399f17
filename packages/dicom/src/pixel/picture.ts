import type { DecodedFrame } from './decode-frame.ts';
import { grayMapping } from './gray-lut.ts';
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
  const mapping = grayMapping(frame, description, window);
  const { samples } = frame;
  const data = new Uint8Array(samples.length);
  if (typeof mapping === 'function') {
    for (let i = 0; i < data.length; i++) data[i] = mapping(samples[i] ?? 0);
  } else {
    for (let i = 0; i < data.length; i++) data[i] = mapping[samples[i] ?? 0] ?? 0;
  }
  return { width, height, channels: 1, data };
}
