import { createHash, randomUUID } from 'node:crypto';
import type { InstanceHeader } from '@archwire/contracts';
import { ingestBatch, type Database } from '@archwire/database';
import { NO_ATTRIBUTES } from './no-attributes.ts';

const PLAIN: InstanceHeader = {
  ...NO_ATTRIBUTES,
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.1.1',
  SOPInstanceUID: '',
  StudyInstanceUID: '',
  SeriesInstanceUID: '',
  TransferSyntaxUID: '1.2.840.10008.1.2.1',
  Rows: 10,
  Columns: 10,
  BitsAllocated: 16,
  NumberOfFrames: 1,
};

/** Index rows without bytes, for what looks at the index only. The UIDs decide what belongs together. */
export const indexStudies = async (
  { knex }: Pick<Database, 'knex'>,
  tenant: { readonly tenantId: string; readonly locationId: string; readonly issuer: string },
  headers: readonly (Partial<InstanceHeader> &
    Pick<InstanceHeader, 'SOPInstanceUID' | 'SeriesInstanceUID' | 'StudyInstanceUID'>)[],
): Promise<void> => {
  for (let at = 0; at < headers.length; at += 500) {
    await ingestBatch(
      knex,
      headers.slice(at, at + 500).map((header) => ({
        header: { ...PLAIN, ...header },
        source: {
          ...tenant,
          deviceId: null,
          via: 'dimse' as const,
          callingAe: 'TEST',
          calledAe: 'ARCHWIRE',
          address: '127.0.0.1',
          receivedAt: '2026-01-05T10:12:00.000Z',
        },
        location: { store: 'archive', key: `t/${randomUUID()}`, offset: 0, length: 100 },
        sha256: createHash('sha256').update(header.SOPInstanceUID).digest(),
      })),
    );
  }
};
