import type { DecodedFrame } from './decode-frame.ts';
import { grayMapping } from './gray-lut.ts';
import type { PixelDescription, Window } from './pixel-description.ts';

let last: { readonly key: string; readonly table: Uint8Array } | undefined;

/** Names what a table is made of; `undefined` where it depends on the pixels, or on tables that are long to compare. */
const keyOf = (frame: DecodedFrame, description: PixelDescription, window?: Window): string | undefined => {
  const { modality, voi, inverted, presentationLut } = description;
  const shown = window ?? (voi !== null && 'window' in voi ? voi.window : undefined);
  if (shown === undefined || 'lut' in modality || presentationLut !== null || frame.bitsAllocated > 16)
    return undefined;
  const { bitsAllocated, bitsStored, highBit, signed } = frame;
  return JSON.stringify([bitsAllocated, bitsStored, highBit, signed, modality, shown, inverted]);
};

/** As `grayMapping`; slices of a volume share one table, which costs more than to apply it. */
export const lastGrayTable = (
  frame: DecodedFrame,
  description: PixelDescription,
  window?: Window,
): ReturnType<typeof grayMapping> => {
  const key = keyOf(frame, description, window);
  if (key !== undefined && last?.key === key) return last.table;
  const mapping = grayMapping(frame, description, window);
  if (key !== undefined && typeof mapping !== 'function') last = { key, table: mapping };
  return mapping;
};
