import type { DataSet } from 'dicom-parser';

/** What the pixel code needs of a parsed object; `readInstanceHead` returns it. */
export interface FrameHead {
  readonly header: { readonly TransferSyntaxUID: string };
  /** Bytes from the start of the (inflated) Part 10 file to the value of Pixel Data; `null` when there is none. */
  readonly pixelData: {
    readonly offset: number;
    readonly length: number | undefined;
    readonly encapsulated: boolean;
  } | null;
  readonly dataSet: DataSet;
}
