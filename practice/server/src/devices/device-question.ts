import { AppError, type Principal, requirePermission } from '@archwire/contracts';
import type { EchoOutcome, EchoRejection } from '@archwire/contracts/api/devices';
import type { Database } from '@archwire/database';
import { actorOf, auditAccount } from '../accounts/audit-entry.ts';
import { readDevice } from './device-view.ts';

/** Where a device listens. */
export interface DeviceTarget {
  readonly host: string;
  readonly port: number;
  readonly calledAe: string;
  readonly tls: boolean;
}

/** How far an association with a device came; whatever happens on the network is an outcome, not an error. */
export interface AssociationFinding {
  readonly outcome: EchoOutcome;
  readonly milliseconds: number;
  readonly callingAe: string;
  readonly rejection: EchoRejection | null;
  readonly implementationClassUid: string | null;
  readonly implementationVersionName: string | null;
}

/** A finding as it is told: whom was asked, and in words what it means. */
export type DeviceReport<Finding extends AssociationFinding> = Finding & {
  readonly message: string;
  readonly host: string;
  readonly port: number;
  readonly calledAe: string;
};

const REJECTIONS: Readonly<Record<EchoRejection, string>> = {
  'called-ae': 'It does not listen by this AE title. Compare the AE title here with the one in the device.',
  'calling-ae':
    'It does not know the AE title of this server. Register this server in the device as a DICOM partner.',
  'application-context': 'It does not speak the DICOM application context. Ask its maker.',
  busy: 'It is busy or at its limit of connections. Try again in a minute.',
  other: 'It gave no useful reason. Look into the log of the device.',
};

const MESSAGES: Readonly<Record<Exclude<EchoOutcome, 'rejected'>, string>> = {
  success: 'The device answered.',
  'name-unknown': 'The network knows no machine of this name. Check the host, or write its IP address.',
  'connection-refused':
    'The machine is there, but nothing listens at this port. Check the port, and that the DICOM service of the device runs.',
  unreachable: 'There is no way to this machine. Check the address, the cable and the network.',
  'connect-timeout':
    'The machine does not answer. It may be switched off, have another address, or stand behind a firewall.',
  'association-timeout':
    'The port is open, but nobody answers DICOM there. Check that it is the DICOM port of the device.',
  aborted: 'The device broke the association off. Look into its log.',
  closed:
    'The device closed the connection without a word. It may expect TLS, or accept only known addresses.',
  'tls-needed': 'The device expects an encrypted connection. Switch TLS on for this device.',
  'tls-failed': 'No encrypted connection came about. Check that the device offers TLS, and its certificate.',
  'not-dicom': 'Something answers at this port, but it does not speak DICOM. Check the port.',
  'no-verification': 'The device associates, but does not offer C-ECHO. It may work all the same.',
  'echo-timeout': 'The device associates, but does not answer C-ECHO. Look into its log.',
  'echo-failed': 'The device answered C-ECHO with a failure. Look into its log.',
};

/** At once in this process: whoever tests devices tests one. */
const MAX_RUNNING = 8;

/** Asks a registered device something over DICOM; nobody else can be asked. */
export const createDeviceQuestion = <Finding extends AssociationFinding>(deps: {
  readonly database: Pick<Database, 'withTenant'>;
  /** For the audit log. */
  readonly action: string;
  /** Ends within ten seconds and never throws for what the network does. */
  readonly ask: (target: DeviceTarget) => Promise<Finding>;
}): ((principal: Principal, id: string) => Promise<DeviceReport<Finding>>) => {
  const running = new Set<string>();

  /** @throws AppError `forbidden`; `not-found`; `invalid` without host and port; `rate-limited` while one is under way. */
  return async (principal, id) => {
    requirePermission(principal, 'devices.device.write');
    const { withTenant } = deps.database;
    const device = await withTenant(principal.tenantId, (trx) => readDevice(trx, id));
    if (device === undefined)
      throw new AppError('not-found', 'There is no such device. Reload the list.', { details: { id } });
    const { host, port, tls } = device;
    if (host === null || port === null)
      throw new AppError('invalid', 'Write the host and port at which the device listens first.', {
        details: { reason: 'no-host' },
      });
    if (running.has(id) || running.size >= MAX_RUNNING)
      throw new AppError('rate-limited', 'A test is under way. Wait for its result.');
    running.add(id);
    try {
      const calledAe = device.echoAe ?? device.aeTitle;
      const finding = await deps.ask({ host, port, calledAe, tls });
      await withTenant(principal.tenantId, async (trx) => {
        await auditAccount(trx, actorOf(principal), {
          action: deps.action,
          entity: 'device',
          entityId: id,
          changed: { outcome: finding.outcome },
        });
      });
      const { outcome, rejection } = finding;
      const message = outcome === 'rejected' ? REJECTIONS[rejection ?? 'other'] : MESSAGES[outcome];
      return { ...finding, message, host, port, calledAe };
    } finally {
      running.delete(id);
    }
  };
};
