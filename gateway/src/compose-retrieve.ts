import { createTranscodeCache, transcodeInstance, type InstanceReader } from '@archwire/archive';
import type { Database } from '@archwire/database';
import type { PixelPool } from '@archwire/dicom';
import { createMoveDestination } from '@archwire/practice-server';
import type { Logger } from '@archwire/runtime';
import type { ReadAudit } from './dicomweb/index.ts';
import {
  createGetScp,
  createMoveScp,
  createRetrieve,
  type AssociationPool,
  type DimseService,
  type ScuTls,
  type Transcode,
} from './dimse/index.ts';

export interface RetrieveParts {
  readonly database: Pick<Database, 'withTenant'>;
  readonly audit: ReadAudit;
  /** Ours. */
  readonly aeTitle: string;
  readonly reader: InstanceReader;
  readonly pixels: Pick<PixelPool, 'decode'>;
  /** Where objects wait that were rewritten for a peer; emptied at the first use after a start. */
  readonly transcodeFolder: string;
  /** Associations that we open. */
  readonly pool: AssociationPool;
  /** What we show to peers that want TLS. */
  readonly tls: ScuTls;
  readonly log: Pick<Logger, 'warn'>;
}

/** C-GET and C-MOVE. */
export const retrieveServices = ({
  database,
  audit,
  aeTitle,
  reader,
  pixels,
  transcodeFolder,
  pool,
  tls,
  log,
}: RetrieveParts): readonly DimseService[] => {
  const retrieve = createRetrieve({ withTenant: database.withTenant, audit, reader });
  const cache = createTranscodeCache({ folder: transcodeFolder });
  const transcode: Transcode = (stored, transferSyntaxUid) =>
    transcodeInstance(stored, pixels, transferSyntaxUid, cache);
  const findDestination = createMoveDestination({ database });
  return [
    createGetScp({ retrieve, transcode, log }),
    createMoveScp({
      retrieve,
      transcode,
      pool,
      log,
      destination: async ({ tenantId }, title) => {
        const device = await findDestination(tenantId, title);
        return device === null ? null : { ...device, callingAe: aeTitle, tls: device.tls ? tls : null };
      },
    }),
  ];
};
