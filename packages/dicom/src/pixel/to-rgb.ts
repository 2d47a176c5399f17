import { AppError } from '@archwire/contracts/app-error';
import type { DecodedFrame } from './decode-frame.ts';
import type { LookupTable, PixelDescription } from './pixel-description.ts';
import { storedValueOf } from './stored-values.ts';

/**
 * 8-bit RGB, interleaved. Colour is converted by Photometric Interpretation only (PS3.3 C.7.6.3.1.2): what a code stream
 * claims about itself is wrong too often.
 * @throws AppError `unsupported` for a colour model that is neither palette, RGB nor YBR; `invalid` when its palette is missing.
 */
export function toRgb(frame: DecodedFrame, description: PixelDescription): Uint8Array {
  if (frame.photometricInterpretation === 'PALETTE COLOR') return paletteToRgb(frame, description);
  const eightBit = toEightBit(frame);
  switch (frame.photometricInterpretation) {
    case 'RGB':
      return eightBit;
    case 'YBR_FULL':
    case 'YBR_FULL_422':
      return ybrToRgb(eightBit, {
        luma: 1,
        floor: 0,
        red: 1.402,
        greenBlue: 0.344136,
        greenRed: 0.714136,
        blue: 1.772,
      });
    case 'YBR_PARTIAL_422':
    case 'YBR_PARTIAL_420':
      return ybrToRgb(eightBit, {
        luma: 1.1644,
        floor: 16,
        red: 1.596,
        greenBlue: 0.3917,
        greenRed: 0.813,
        blue: 2.0173,
      });
    default:
      throw new AppError('unsupported', 'Images of this Photometric Interpretation cannot be shown.', {
        details: { PhotometricInterpretation: frame.photometricInterpretation },
      });
  }
}

function toEightBit(frame: DecodedFrame): Uint8Array {
  const { samples, bitsStored } = frame;
  if (samples instanceof Uint8Array && bitsStored === 8) return samples;
  const max = 2 ** bitsStored - 1;
  const unsigned = { ...frame, signed: false };
  return Uint8Array.from(samples, (pattern) => Math.round((storedValueOf(pattern, unsigned) * 255) / max));
}

interface Ybr {
  readonly luma: number;
  readonly floor: number;
  readonly red: number;
  readonly greenBlue: number;
  readonly greenRed: number;
  readonly blue: number;
}

function ybrToRgb(samples: Uint8Array, { luma, floor, red, greenBlue, greenRed, blue }: Ybr): Uint8Array {
  const out = new Uint8ClampedArray(samples.length);
  for (let i = 0; i + 2 < samples.length; i += 3) {
    const y = luma * ((samples[i] ?? 0) - floor);
    const cb = (samples[i + 1] ?? 0) - 128;
    const cr = (samples[i + 2] ?? 0) - 128;
    out[i] = y + red * cr;
    out[i + 1] = y - greenBlue * cb - greenRed * cr;
    out[i + 2] = y + blue * cb;
  }
  return new Uint8Array(out.buffer);
}

function paletteToRgb(frame: DecodedFrame, { palette }: PixelDescription): Uint8Array {
  if (palette === null) throw new AppError('invalid', 'The image is PALETTE COLOR but has no palette.');
  const channels = [palette.red, palette.green, palette.blue].map(eightBitEntries);
  const { first } = palette.red;
  const { samples } = frame;
  const out = new Uint8Array(samples.length * 3);
  for (let i = 0; i < samples.length; i++) {
    const index = storedValueOf(samples[i] ?? 0, frame) - first;
    for (const [c, entries] of channels.entries()) {
      out[i * 3 + c] = entries[Math.min(entries.length - 1, Math.max(0, index))] ?? 0;
    }
  }
  return out;
}

/** A 16-bit palette keeps its colour in the high byte; some writers declare 16 bits and use the low one. */
function eightBitEntries({ bits, entries }: LookupTable): Uint8Array {
  const high = bits > 8 && entries.some((entry) => entry > 255);
  return Uint8Array.from(entries, (entry) => (high ? entry >> (bits - 8) : entry));
}
