import type { IngestSource } from '@archwire/contracts';
import type { ImportFileRow } from './import-file-row.ts';

/** Whose the images of an import are. `address`: of whoever sends the bytes; `null` when a job reads them. */
export const importSource = (
  tenantId: string,
  file: Pick<ImportFileRow, 'location_id' | 'issuer'>,
  address: string | null,
): IngestSource => ({
  tenantId,
  locationId: file.location_id,
  issuer: file.issuer,
  deviceId: null,
  via: 'import',
  callingAe: null,
  calledAe: null,
  address,
  receivedAt: new Date().toISOString(),
});
