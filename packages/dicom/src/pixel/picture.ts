import { coverPicture } from './cover-picture.ts';
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

/** The frame as it is meant to be seen, with overlays and shutter, before any resizing: windows act on pixels, not on their averages. */
export function pictureOf(frame: DecodedFrame, description: PixelDescription, window?: Window): Picture {
  const picture = shown(frame, description, window);
  const { overlays, shutter } = description;
  if (overlays.length === 0 && shutter === null) return picture;
  // An 8-bit colour picture may be the decoder's own memory, which in-pixel overlays are still read from.
  const own =
    picture.data.buffer === frame.samples.buffer ? { ...picture, data: picture.data.slice() } : picture;
  coverPicture(own, frame, description);
  return own;
}

function shown(frame: DecodedFrame, description: PixelDescription, window: Window | undefined): Picture {
  const { columns: width, rows: height } = frame;
  const gray = frame.samplesPerPixel === 1 && frame.photometricInterpretation !== 'PALETTE COLOR';
  if (!gray) return { width, height, channels: 3, data: toRgb(frame, description) };
  const mapping = lastGrayTable(frame, description, window);
  const { samples } = frame;
  if (typeof mapping !== 'function' && (samples instanceof Uint8Array || samples instanceof Uint16Array))
    return { width, height, channels: 1, data: mapSamples(samples, mapping) };
  const data = new Uint8Array(samples.length);
  const map = typeof mapping === 'function' ? mapping : (pattern: number) => mapping[pattern] ?? 0;
  for (let i = 0; i < data.length; i++) data[i] = map(samples[i] ?? 0);
  return { width, height, channels: 1, data };
}
