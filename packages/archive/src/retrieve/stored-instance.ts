import type { InstanceLocation } from '@archwire/contracts';

/** One instance of the index with where its bytes lie at the moment of the look-up. */
export interface StoredInstance {
  readonly tenantId: string;
  /** Index id; survives settling and re-sending. */
  readonly id: number;
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPInstanceUID: string;
  readonly SOPClassUID: string;
  readonly TransferSyntaxUID: string;
  /** `null` when the object has no pixels. */
  readonly NumberOfFrames: number | null;
  /** Of the stored bytes, lower-case hexadecimal. */
  readonly sha256: string;
  readonly location: InstanceLocation;
}
