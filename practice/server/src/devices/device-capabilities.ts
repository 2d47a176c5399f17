import type { Principal } from '@archwire/contracts';
import type { CapabilityAnswer, PeerService, SyntaxGroup } from '@archwire/contracts/api/device-capabilities';
import type { Database } from '@archwire/database';
import {
  createDeviceQuestion,
  type AssociationFinding,
  type DeviceReport,
  type DeviceTarget,
} from './device-question.ts';

/** What a peer accepted of all that was proposed to it. */
export interface CapabilitiesFinding extends AssociationFinding {
  readonly services: { readonly service: PeerService; readonly answer: CapabilityAnswer }[];
  readonly storage: {
    readonly sopClassUid: string;
    readonly keyword: string;
    readonly syntaxes: SyntaxGroup[];
  }[];
  readonly maxPduLength: number | null;
}

export type CapabilitiesReport = DeviceReport<CapabilitiesFinding>;

/** Asks a registered device which services and images it takes; see `createDeviceQuestion`. */
export const createDeviceCapabilities = (deps: {
  readonly database: Pick<Database, 'withTenant'>;
  readonly capabilities: (target: DeviceTarget) => Promise<CapabilitiesFinding>;
}): ((principal: Principal, id: string) => Promise<CapabilitiesReport>) =>
  createDeviceQuestion({ database: deps.database, action: 'device.capabilities', ask: deps.capabilities });
