import { AppError } from '@archwire/contracts';
import type { Database } from '@archwire/database';
import type { DeviceTarget } from './device-question.ts';
import { readDevice } from './device-view.ts';

/**
 * Where a registered device listens.
 * @throws AppError `not-found` when it is gone or inactive, or nobody said where it listens.
 */
export type FindDeviceTarget = (tenantId: string, deviceId: string) => Promise<DeviceTarget>;

export const createFindDeviceTarget =
  ({ withTenant }: Pick<Database, 'withTenant'>): FindDeviceTarget =>
  async (tenantId, deviceId) => {
    const device = await withTenant(tenantId, async (trx) => await readDevice(trx, deviceId));
    if (device === undefined || !device.active)
      throw new AppError('not-found', 'The device is not registered or not active any more.');
    const { aeTitle, echoAe, host, port, tls } = device;
    if (host === null || port === null) {
      throw new AppError(
        'not-found',
        `Nobody said where the device ${aeTitle} listens. Enter its host and port on the devices page.`,
      );
    }
    return { host, port, calledAe: echoAe ?? aeTitle, tls };
  };
