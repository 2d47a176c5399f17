import type { DicomService } from '@archwire/contracts';
import type { AdmittedSource } from './admission.ts';

type RegisteredDevice = Pick<AdmittedSource, 'tenantId'> & { readonly deviceId: string };

/** Who wants to know what registered devices do. Called on the path of the images: it neither throws nor waits. */
export interface DeviceActivity {
  /** It associated. */
  seen(device: RegisteredDevice): void;
  stored(device: RegisteredDevice, byteCount: number): void;
  failed(device: RegisteredDevice): void;
  /** It asked for a service that it may not use. */
  denied(device: RegisteredDevice, service: DicomService): void;
}

/** `null` for a peer that was admitted without being registered. */
export const deviceOf = ({
  tenantId,
  deviceId,
}: Pick<AdmittedSource, 'tenantId' | 'deviceId'>): RegisteredDevice | null =>
  deviceId === null ? null : { tenantId, deviceId };
