import type { Principal } from '@archwire/contracts';
import type { Database } from '@archwire/database';
import {
  createDeviceQuestion,
  type AssociationFinding,
  type DeviceReport,
  type DeviceTarget,
} from './device-question.ts';

export type EchoTarget = DeviceTarget;

/** What a C-ECHO found out. */
export interface EchoFinding extends AssociationFinding {
  /** Status (0000,0900) of C-ECHO-RSP. */
  readonly status: number | null;
}

export type EchoReport = DeviceReport<EchoFinding>;

/** Asks a registered device by C-ECHO whether it answers; see `createDeviceQuestion`. */
export const createDeviceEcho = (deps: {
  readonly database: Pick<Database, 'withTenant'>;
  readonly echo: (target: EchoTarget) => Promise<EchoFinding>;
}): ((principal: Principal, id: string) => Promise<EchoReport>) =>
  createDeviceQuestion({ database: deps.database, action: 'device.echo', ask: deps.echo });
