import type { DecodedFrame } from './decode-frame.ts';

type Layout = Pick<DecodedFrame, 'bitsStored' | 'highBit' | 'signed'>;

/** The stored value inside a bit pattern: Bits Stored bits below High Bit, sign-extended (PS3.5 8.1.1). */
export function storedValueOf(pattern: number, { bitsStored, highBit, signed }: Layout): number {
  const shift = highBit + 1 - bitsStored;
  const unused = 32 - bitsStored;
  const low = (pattern >>> shift) << unused;
  return signed ? low >> unused : low >>> unused;
}

/** All stored values of a frame, one number per sample. */
export function storedValues(frame: DecodedFrame): Int32Array | Uint32Array {
  const { samples, signed } = frame;
  const out = signed ? new Int32Array(samples.length) : new Uint32Array(samples.length);
  for (let i = 0; i < samples.length; i++) out[i] = storedValueOf(samples[i] ?? 0, frame);
  return out;
}
