import type { Principal } from '@archwire/contracts';
import type { AssociationSource } from './dimse-service.ts';

/** Who asks over DIMSE, for permissions and the audit log. An admitted peer may read what its tenant has. */
export const principalOf = ({
  tenantId,
  locationId,
  deviceId,
  address,
}: Pick<AssociationSource, 'tenantId' | 'locationId' | 'deviceId' | 'address'>): Principal => ({
  tenantId,
  locationId,
  kind: deviceId === null ? 'system' : 'device',
  id: deviceId,
  permissions: new Set(['imaging.study.read']),
  address,
  userAgent: null,
  requestId: '',
});
