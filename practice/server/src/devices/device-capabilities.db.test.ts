// Real: PostgreSQL 18 (embedded). The network is an answer of the test.
import { PERMISSIONS, type Principal } from '@archwire/contracts';
import { CapabilitiesResult } from '@archwire/contracts/api/devices';
import { createTestDatabase, type TestDatabase } from '@archwire/database/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDeviceCapabilities } from './device-capabilities.ts';
import { createDeviceService } from './device-service.ts';
import type { DeviceTarget } from './device-question.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => await database.close());

it('tells what a device takes as the contract says, and that somebody asked', async () => {
  const { tenantId } = await database.tenant();
  const admin: Principal = {
    tenantId,
    kind: 'system',
    id: null,
    locationId: null,
    permissions: new Set(PERMISSIONS),
    address: null,
    userAgent: null,
    requestId: 'r',
  };
  const devices = createDeviceService({ database: database.db, forget: () => {} });
  const made = await devices.register(admin, {
    name: 'VNA',
    aeTitle: 'VNA',
    host: 'vna.local',
    port: 104,
    tls: true,
  });
  const asked: DeviceTarget[] = [];
  const ask = createDeviceCapabilities({
    database: database.db,
    capabilities: async (target) => {
      asked.push(target);
      return {
        outcome: 'success',
        milliseconds: 5,
        callingAe: 'ARCHWIRE',
        rejection: null,
        implementationClassUid: '1.2',
        implementationVersionName: null,
        services: [{ service: 'find-study-root', answer: 'accepted' }],
        storage: [
          { sopClassUid: '1.2.840.10008.5.1.4.1.1.2', keyword: 'CTImageStorage', syntaxes: ['jpeg-2000'] },
        ],
        maxPduLength: 0,
      };
    },
  });
  const report = await ask(admin, made.id);
  expect(CapabilitiesResult.parse(report)).toEqual(report);
  expect(report).toMatchObject({ message: 'The device answered.', host: 'vna.local', calledAe: 'VNA' });
  expect(asked).toEqual([{ host: 'vna.local', port: 104, calledAe: 'VNA', tls: true }]);
  expect(
    await database.owner(`select entity_id from audit_log where action = 'device.capabilities'`),
  ).toEqual([{ entity_id: made.id }]);
});
