import { AppError } from '@archwire/contracts';

export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/**
 * The range to read of an object of `size` bytes: the whole object without a range.
 * @throws AppError `range-not-satisfiable` when any byte asked for lies outside the object.
 */
export const resolveRange = (size: number, range: ByteRange | undefined): ByteRange => {
  if (range === undefined) return { offset: 0, length: size };
  const { offset, length } = range;
  if (
    !Number.isSafeInteger(offset) ||
    !Number.isSafeInteger(length) ||
    offset < 0 ||
    length < 0 ||
    offset + length > size
  ) {
    throw new AppError('range-not-satisfiable', `The object has ${size} bytes. Ask for a range inside it.`, {
      details: { size, offset, length },
    });
  }
  return range;
};
