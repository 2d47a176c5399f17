import type {
  FirstLooks,
  Ingest,
  InstanceLookup,
  InstanceReader,
  OpenInstanceFrames,
  SeriesMetadata,
  Stores,
} from '@archwire/archive';
import type { WithTenant } from '@archwire/database';
import type { PixelPool } from '@archwire/dicom';
import type { CodedFrames } from './wado/coded-frames.ts';
import type { ReadAudit } from './read-audit.ts';

/** What the handlers work with. */
export interface DicomwebParts {
  readonly withTenant: WithTenant;
  readonly ingest: Pick<Ingest, 'beginPart10'>;
  readonly stores: Stores;
  readonly lookup: InstanceLookup;
  readonly reader: InstanceReader;
  readonly openFrames: OpenInstanceFrames;
  readonly coded: CodedFrames;
  readonly firstLooks: FirstLooks;
  readonly metadata: SeriesMetadata;
  readonly pixels: Pick<PixelPool, 'decode' | 'encode' | 'render' | 'placeholder'>;
  readonly audit: ReadAudit;
}
