import type { DecodedFrame } from './decode-frame.ts';
import { grayTable } from './gray-table.ts';
import type { LookupTable, PixelDescription, Window } from './pixel-description.ts';
import { storedValueOf } from './stored-values.ts';

type Map1 = (value: number) => number;

/**
 * From bit pattern to 8-bit gray, the whole chain at once: stored value, Modality LUT, VOI, inversion (PS3.3 C.11, PS3.4 N.2).
 * Indexed by the pattern, so that a pixel costs one look-up; wider images get a function instead of a table.
 */
export function grayMapping(
  frame: DecodedFrame,
  description: PixelDescription,
  window: Window | undefined,
): Uint8Array | Map1 {
  const modality = modalityMap(description.modality);
  const voi = window === undefined ? description.voi : { window };
  const show =
    voi === null
      ? rangeMap(valueRange(frame, description, modality))
      : 'window' in voi
        ? windowMap(voi.window)
        : lutMap8(voi.lut);
  const present = presentationMap(description);
  const stored = storedMap(frame);
  const map: Map1 = (pattern) => present(Math.min(255, Math.max(0, show(modality(stored(pattern))))));
  return frame.bitsAllocated === 8 || frame.bitsAllocated === 16
    ? grayTable(map, frame.bitsAllocated, frame.highBit)
    : map;
}

/** Patterns of floating-point images are their values. */
const storedMap = (frame: DecodedFrame): Map1 =>
  frame.samples instanceof Float32Array || frame.samples instanceof Float64Array
    ? (value) => value
    : (pattern) => storedValueOf(pattern, frame);

/** From 0–255 as the VOI gives it to the level shown. A value that is none (NaN) is black. */
function presentationMap({ presentationLut, inverted }: PixelDescription): Map1 {
  if (presentationLut === null) {
    return inverted ? (x) => 255 - (Math.round(x) || 0) : (x) => Math.round(x) || 0;
  }
  const { entries, bits } = presentationLut;
  const max = 2 ** bits - 1;
  // Each entry stands for an equal part of the range, as DCMTK has it.
  const index = (x: number) => Math.min(entries.length - 1, Math.floor((x * entries.length) / 255));
  return (x) => Math.round(((entries[index(x)] ?? 0) * 255) / max);
}

function modalityMap(modality: PixelDescription['modality']): Map1 {
  if ('lut' in modality) return lookUp(modality.lut);
  const { slope, intercept } = modality;
  return (value) => value * slope + intercept;
}

function lookUp({ first, entries }: LookupTable): Map1 {
  const last = entries.length - 1;
  return (value) => entries[Math.min(last, Math.max(0, Math.round(value) - first))] ?? 0;
}

function lutMap8(lut: LookupTable): Map1 {
  const look = lookUp(lut);
  const max = 2 ** lut.bits - 1;
  return (value) => (look(value) * 255) / max;
}

/** PS3.3 C.11.2.1.2 and C.11.2.1.3, onto 0–255. */
function windowMap({ center, width, function: kind }: Window): Map1 {
  if (kind === 'SIGMOID') return (x) => 255 / (1 + Math.exp((-4 * (x - center)) / width));
  if (kind === 'LINEAR_EXACT') return (x) => ((x - center) / width + 0.5) * 255;
  if (width <= 1) return (x) => (x <= center - 0.5 ? 0 : 255);
  return (x) => ((x - (center - 0.5)) / (width - 1) + 0.5) * 255;
}

function rangeMap({ low, high }: { low: number; high: number }): Map1 {
  return high > low ? (x) => ((x - low) * 255) / (high - low) : (x) => (x > 0 ? 255 : 0);
}

/** Smallest and largest modality value among the pixels that are not padding. */
function valueRange(
  frame: DecodedFrame,
  { padding }: PixelDescription,
  modality: Map1,
): { low: number; high: number } {
  let low = Infinity;
  let high = -Infinity;
  const storedOf = storedMap(frame);
  const take = (pattern: number) => {
    const stored = storedOf(pattern);
    if (padding !== null && stored >= padding.low && stored <= padding.high) return;
    const value = modality(stored);
    if (value < low) low = value;
    if (value > high) high = value;
  };
  if (frame.bitsAllocated >= 32) {
    for (const pattern of frame.samples) take(pattern);
  } else {
    const present = new Uint8Array(65_536);
    const { samples } = frame;
    for (let i = 0; i < samples.length; i++) present[samples[i] ?? 0] = 1;
    for (let pattern = 0; pattern < present.length; pattern++) if (present[pattern] === 1) take(pattern);
  }
  return { low, high };
}
