import type { LiveKind } from '@archwire/contracts';
import type { Endpoint } from '@archwire/contracts/api';
import { devicesApi } from '@archwire/contracts/api/devices';
import { exportsApi } from '@archwire/contracts/api/exports';
import { imagingApi } from '@archwire/contracts/api/imaging';
import { operationsApi } from '@archwire/contracts/api/operations';
import { ordersApi } from '@archwire/contracts/api/orders';
import { importsApi } from '@archwire/contracts/api/imports';
import { usersApi } from '@archwire/contracts/api/users';

/**
 * Whose answers are old when something changed. What is on screen is asked for again within a moment, the rest when it
 * is next shown. A new page adds its endpoints here and is live.
 */
export const INVALIDATIONS: Readonly<Record<LiveKind, readonly Endpoint[]>> = {
  'study.changed': [imagingApi.quarantine],
  'patient.changed': [imagingApi.merges],
  'derivative.made': [],
  'quarantine.changed': [imagingApi.quarantine, imagingApi.notices],
  'conflict.changed': [imagingApi.conflicts, imagingApi.notices],
  'order.changed': [ordersApi.list, ordersApi.get, ordersApi.worklistPreview],
  'device.changed': [devicesApi.list, devicesApi.refusals, imagingApi.notices],
  'device.refused': [devicesApi.refusals, imagingApi.notices],
  'import.progress': [importsApi.get, importsApi.list],
  'export.progress': [exportsApi.get, exportsApi.list],
  'account.changed': [usersApi.list, usersApi.apiKeys],
  'alert.changed': [operationsApi.alerts, operationsApi.overview],
};
