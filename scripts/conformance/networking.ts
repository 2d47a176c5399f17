import { IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME } from '@archwire/dicom';
import { DEFAULT_SERVICES } from '@archwire/contracts/api/devices';
import { DICOM_SERVICES } from '@archwire/contracts';
import { REJECTIONS, type RefusalReason } from '../../gateway/src/dimse/admission.ts';
import { APPLICATION_CONTEXT } from '../../gateway/src/dimse/associate-request.ts';
import { DEFAULT_LIMITS } from '../../gateway/src/dimse/limits.ts';
import { markdownTable } from './markdown-table.ts';

const RESULTS: Readonly<Record<number, string>> = { 1: 'rejected-permanent', 2: 'rejected-transient' };
const SOURCES: Readonly<Record<number, string>> = {
  1: 'service-user',
  2: 'service-provider (ACSE)',
  3: 'service-provider (presentation)',
};
const REASONS: Readonly<Record<RefusalReason, string>> = {
  'called-ae': 'No device may call this title',
  'calling-ae': 'Nobody is registered who calls so from there',
  'too-many-connections': 'Too many connections, in all or from one address',
  'too-many-associations': 'Too many associations with one calling AE title',
  unavailable: 'Who asks could not be looked up, or not in time',
  'protocol-version': 'Protocol version bit 0 is not set',
  'application-context': 'Another application context',
  'max-pdu-length': 'A maximum PDU length under 128 that is not 0',
  'no-contexts': 'No presentation context',
};
const WHY: ReadonlyMap<string, string> = new Map(Object.entries(REASONS));
const seconds = (ms: number): string => `${ms / 1000} s`;

/** Sections 3.1 and 3.2.1 to 3.2.3 of PS3.2: the model, and how associations come about. */
export const associations = (): string => `## 3 Networking

### 3.1 Implementation model

Devices open associations to Archwire for the services of section 3.2.3. Archwire opens associations to registered devices
that have a host and a port: to test them, to send to the destination of a C-MOVE, to report storage commitment, and to tell
which instances are available.

C-STORE is answered with Success when the object is flushed to disk, and not before. An object that is stored already with
the same bytes is answered with Success and kept once; one with the same SOP Instance UID and other bytes is answered with
Success, kept beside the first, and shown to administrators as a conflict.

### 3.2 AE specification: ARCHWIRE

#### 3.2.1 Association policies

${markdownTable(
  ['What', 'Value'],
  [
    ['Application context', APPLICATION_CONTEXT],
    ['Implementation Class UID', IMPLEMENTATION_CLASS_UID],
    ['Implementation Version Name', IMPLEMENTATION_VERSION_NAME],
    ['Maximum PDU length offered', `${DEFAULT_LIMITS.maxPduLength} bytes`],
    ['Maximum PDU length of the peer', 'from 128 bytes on; 0 is unlimited'],
    [
      'Simultaneous connections',
      `${DEFAULT_LIMITS.maxConnections}, of them ${DEFAULT_LIMITS.maxConnectionsPerAddress} from one address`,
    ],
    ['Simultaneous associations with one calling AE title', String(DEFAULT_LIMITS.maxAssociationsPerAe)],
    ['Asynchronous operations window', 'not negotiated: one operation at a time'],
    ['User identity negotiation', 'not answered'],
    ['From the connection to a whole A-ASSOCIATE-RQ (ARTIM)', seconds(DEFAULT_LIMITS.requestTimeoutMs)],
    ['Silence within a message', seconds(DEFAULT_LIMITS.stallTimeoutMs)],
    ['Silence between messages', seconds(DEFAULT_LIMITS.idleTimeoutMs)],
    ['Identifier or attribute list of a request', `at most ${DEFAULT_LIMITS.maxIdentifierLength} bytes`],
  ],
)}

#### 3.2.2 Association acceptance

A peer is admitted when it is a registered, active device: by calling AE title, and by called AE title and address where the
registration names them. Programs on the same machine need no registration; they may store and query. Whoever else calls is
rejected, and listed in the application until an administrator registers or dismisses it.

${markdownTable(
  ['Reason', 'Result', 'Source', 'Reason/Diag.'],
  Object.entries(REJECTIONS).map(([reason, [result, source, diagnostic]]) => [
    WHY.get(reason) ?? '',
    `${RESULTS[result] ?? ''} (${result})`,
    `${SOURCES[source] ?? ''} (${source})`,
    String(diagnostic),
  ]),
)}

What an admitted device may ask for is set for each; C-ECHO always. A presentation context of a service that it may not use
is answered with result 1 (user-rejection); one of an abstract syntax that is not known with 3, one without a transfer syntax
that is accepted with 4. A device of each kind may at first:

${markdownTable(
  ['Kind', ...DICOM_SERVICES],
  Object.entries(DEFAULT_SERVICES).map(([kind, allowed]) => [
    kind,
    ...DICOM_SERVICES.map((service) => (allowed.includes(service) ? 'yes' : '–')),
  ]),
)}
`;
