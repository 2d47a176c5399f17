import type { InstanceHeader } from '@archwire/contracts';
import type { DataSet } from 'dicom-parser';

export interface PixelDataPlace {
  /** From the start of `InstanceHead.bytes` to the first byte of the value (the Basic Offset Table item when encapsulated). */
  readonly offset: number;
  /** `undefined` is the undefined length of encapsulated Pixel Data. */
  readonly length: number | undefined;
  readonly encapsulated: boolean;
  /** PixelData, FloatPixelData or DoubleFloatPixelData. */
  readonly tag: number;
  readonly vr: string;
}

/** What `readInstanceHead` found. */
export interface InstanceHead {
  readonly header: InstanceHeader;
  readonly pixelData: PixelDataPlace | null;
  /** False when the given bytes end before Pixel Data or the end of the object, with every attribute of `header` already read. */
  readonly complete: boolean;
  /** The bytes that all offsets refer to: the given ones or, for a deflated data set, their inflated form. */
  readonly bytes: Buffer;
  /** The full data set up to Pixel Data, group 2 included, parsed on first use. May throw AppError `invalid`. */
  readonly dataSet: DataSet;
}
