import type { InstanceLocation } from '@archwire/contracts';
import type { KnownIdentity } from './known-identity.ts';

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
  /** Whose it is now; `null` when it goes out with the identity that it came with. */
  readonly identity: KnownIdentity | null;
}
