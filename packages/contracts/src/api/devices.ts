import { z } from 'zod';
import { AeTitle } from '../ae-title.ts';
import { DICOM_SERVICES, type DicomService } from '../dicom-service.ts';
import { Capabilities } from './device-capabilities.ts';
import { fullEndpoint } from './endpoint.ts';

const READ = 'devices.device.read';
const WRITE = 'devices.device.write';
const Instant = z.iso.datetime();

export const deviceKinds = [
  'panoramic',
  'cbct',
  'ceph',
  'intraoral-sensor',
  'intraoral-scanner',
  'camera',
  'archive',
  'workstation',
  'other',
] as const;
export type DeviceKind = (typeof deviceKinds)[number];

const ACQUIRES: readonly DicomService[] = ['store', 'worklist', 'mpps', 'commitment'];
/** What a new device of a kind may ask for unless somebody says otherwise. */
export const DEFAULT_SERVICES: Readonly<Record<DeviceKind, readonly DicomService[]>> = {
  panoramic: ACQUIRES,
  cbct: ACQUIRES,
  ceph: ACQUIRES,
  'intraoral-sensor': ACQUIRES,
  'intraoral-scanner': ACQUIRES,
  camera: ACQUIRES,
  archive: DICOM_SERVICES,
  workstation: DICOM_SERVICES,
  other: ['store', 'query'],
};

/** What came from a device. */
export const Traffic = z.object({ instanceCount: z.int(), byteCount: z.int(), failureCount: z.int() });

export const Device = z.object({
  id: z.uuid(),
  name: z.string(),
  /** A word that a newer server knows and this page does not is shown as something else. */
  kind: z.enum(deviceKinds).catch('other'),
  aeTitle: z.string(),
  /** `null`: whatever title it calls us by. */
  calledAe: z.string().nullable(),
  /** `null`: from any address. */
  address: z.string().nullable(),
  locationId: z.uuid(),
  locationName: z.string(),
  /** `null`: the issuer of the location. */
  issuer: z.string().nullable(),
  /** Where it listens itself, for C-ECHO. */
  host: z.string().nullable(),
  port: z.int().nullable(),
  /** The title it listens by; `null`: its AE title. */
  echoAe: z.string().nullable(),
  tls: z.boolean(),
  /** What it may ask for; C-ECHO always. */
  services: z.array(z.enum(DICOM_SERVICES)),
  /** It is told which instances can be fetched (Instance Availability Notification). */
  notifyAvailability: z.boolean(),
  notes: z.string().nullable(),
  /** Name of its folder below the one that the server watches; `null`: it has none. */
  watchFolder: z.string().nullable(),
  /** When a file of it was taken last. */
  watchSeenAt: Instant.nullable(),
  /** `no-folder`: something else stands in the folder's place. */
  watchProblem: z.string().nullable(),
  /** The last files of its folder that were not taken, newest first. */
  watchRefusals: z.array(z.object({ path: z.string(), reason: z.string().nullable(), at: Instant })),
  active: z.boolean(),
  createdAt: Instant,
  /** Of its last association or image; `null`: never. Up to two seconds behind. */
  lastSeenAt: Instant.nullable(),
  lastImageAt: Instant.nullable(),
  /** When somebody with its AE title was refused last. */
  lastRefusedAt: Instant.nullable(),
  /** What it asked for lately and may not, newest first. Allowing it ends the entry. */
  denials: z.array(z.object({ service: z.enum(DICOM_SERVICES), count: z.int(), lastAt: Instant })),
  /** How many hours without a word are fine, as a person said it; `null`: learned from the days on which it sends. */
  silenceHours: z.int().nullable(),
  /** The hours that count; `null` while there are too few days to learn from. */
  silentAfterHours: z.int().nullable(),
  /** Of today in the time zone of its location, and of always. */
  today: Traffic,
  total: Traffic,
});
export const Devices = z.object({ devices: z.array(Device) });

/** A name or an address of the network, without scheme and port. */
export const Host = z
  .string()
  .trim()
  .max(253)
  .refine(
    (text) =>
      z.union([z.ipv4(), z.ipv6()]).safeParse(text).success ||
      /^(?=.*[a-z])[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/i.test(text),
    'A host is an IP address or a network name, without scheme and port.',
  );
const Name = z.string().trim().min(1).max(200);
const details = {
  kind: z.enum(deviceKinds).optional(),
  calledAe: AeTitle.nullish(),
  address: z.union([z.ipv4(), z.ipv6()]).nullish(),
  locationId: z.uuid().nullish(),
  issuer: z.string().trim().min(1).max(64).nullish(),
  host: Host.nullish(),
  port: z.int().min(1).max(65_535).nullish(),
  echoAe: AeTitle.nullish(),
  tls: z.boolean().optional(),
  /** Of a new device: those of its kind when left out. */
  services: z.array(z.enum(DICOM_SERVICES)).max(DICOM_SERVICES.length).optional(),
  notifyAvailability: z.boolean().optional(),
  watchFolder: z
    .string()
    .regex(/^(?!done$|refused$)[a-z0-9][a-z0-9_-]{0,62}$/, 'Small letters, digits, hyphens and underscores.')
    .nullish(),
  notes: z.string().trim().max(2000).nullish(),
};
export const NewDevice = z.strictObject({ name: Name, aeTitle: AeTitle, ...details });
/** What is left out stays as it is. */
export const DeviceChange = z.strictObject({
  name: Name.optional(),
  aeTitle: AeTitle.optional(),
  ...details,
});

export const DeviceTraffic = z.object({
  /** Of the last thirty days, oldest first, with the days on which nothing came. */
  days: z.array(z.object({ day: z.iso.date(), ...Traffic.shape })),
});

/** How far a C-ECHO came. */
export const echoOutcomes = [
  'success',
  'name-unknown',
  'connection-refused',
  'unreachable',
  'connect-timeout',
  'association-timeout',
  'rejected',
  'aborted',
  'closed',
  'tls-needed',
  'tls-failed',
  'not-dicom',
  'no-verification',
  'echo-timeout',
  'echo-failed',
] as const;
export type EchoOutcome = (typeof echoOutcomes)[number];
/** Why an association was rejected (PS3.8 table 9-21). */
export const echoRejections = ['called-ae', 'calling-ae', 'application-context', 'busy', 'other'] as const;
export type EchoRejection = (typeof echoRejections)[number];
export const EchoResult = z.object({
  outcome: z.enum(echoOutcomes),
  /** What it means and what to do next, in English. */
  message: z.string(),
  /** From the first packet to the last answer. */
  milliseconds: z.int(),
  host: z.string(),
  port: z.int(),
  calledAe: z.string(),
  callingAe: z.string(),
  rejection: z.enum(echoRejections).nullable(),
  /** Status (0000,0900) of C-ECHO-RSP. */
  status: z.int().nullable(),
  implementationClassUid: z.string().nullable(),
  implementationVersionName: z.string().nullable(),
});

/** How far the association came, and what the peer accepted on it. */
export const CapabilitiesResult = EchoResult.omit({ status: true }).extend(Capabilities.shape);

const Peer = z.strictObject({
  callingAe: z.string().max(64),
  calledAe: z.string().max(64),
  address: z.string().max(64),
});
export const RefusalQuery = z.strictObject({
  /** Part of an AE title or of an address. */
  search: z.string().trim().max(64).optional(),
  /** Those with the AE title or the address of this device. */
  deviceId: z.uuid().optional(),
  /** `next` of the page before. */
  before: z.string().max(80).optional(),
});
export const Refusals = z.object({
  refusals: z.array(
    z.object({
      ...Peer.shape,
      reasons: z.array(z.string()),
      /** Registering a device with this AE title, called AE title and address ends it. */
      registrable: z.boolean(),
      count: z.int(),
      firstAt: Instant,
      lastAt: Instant,
    }),
  ),
  /** Of different peers that the search finds. */
  total: z.int(),
  next: z.string().nullable(),
});
export const Dismissal = z.strictObject({
  /** `all`: everyone who knocked until now. */
  peers: z.union([z.literal('all'), z.array(Peer).min(1).max(1000)]),
});
export const Dismissed = z.object({ count: z.int() });

/** What has to be typed into a device. */
export const Receiver = z.object({
  aeTitle: z.string(),
  /** Addresses of this machine that others may reach; empty when it listens to itself only. */
  hosts: z.array(z.string()),
  port: z.int(),
  tlsPort: z.int().nullable(),
  /** Below it devices may have a folder that they write into; `null`: this server watches none. */
  watchDir: z.string().nullable(),
  /** With TLS, devices must show a certificate. */
  tlsClientCertificate: z.boolean(),
});
export const Locations = z.object({
  locations: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      timezone: z.string(),
      issuer: z.string(),
      isDefault: z.boolean(),
    }),
  ),
});
export const IdParams = z.strictObject({ id: z.uuid() });

/** The equipment that may send, who was refused, and the places. */
export const devicesApi = {
  list: fullEndpoint({
    method: 'get',
    path: '/devices',
    summary: 'The equipment that may send, and what came from it.',
    permission: READ,
    response: Devices,
  }),
  register: fullEndpoint({
    method: 'post',
    path: '/devices',
    summary: 'Register a device; ends the refusals it explains.',
    permission: WRITE,
    status: 201,
    body: NewDevice,
    response: Device,
  }),
  change: fullEndpoint({
    method: 'patch',
    path: '/devices/:id',
    summary: 'Change a device; ends the refusals that this explains.',
    permission: WRITE,
    params: IdParams,
    body: DeviceChange,
    response: Device,
  }),
  deactivate: fullEndpoint({
    method: 'post',
    path: '/devices/:id/deactivate',
    summary: 'Let a device in no more.',
    permission: WRITE,
    params: IdParams,
  }),
  activate: fullEndpoint({
    method: 'post',
    path: '/devices/:id/activate',
    summary: 'Let a device in again.',
    permission: WRITE,
    params: IdParams,
  }),
  traffic: fullEndpoint({
    method: 'get',
    path: '/devices/:id/traffic',
    summary: 'What came from a device, day by day.',
    permission: READ,
    params: IdParams,
    response: DeviceTraffic,
  }),
  echo: fullEndpoint({
    method: 'post',
    path: '/devices/:id/echo',
    summary: 'Ask a device over DICOM (C-ECHO) whether it answers. Takes at most ten seconds.',
    permission: WRITE,
    params: IdParams,
    response: EchoResult,
  }),
  capabilities: fullEndpoint({
    method: 'post',
    path: '/devices/:id/capabilities',
    summary: 'Ask a device which DICOM services and images it takes. Takes at most ten seconds.',
    permission: WRITE,
    params: IdParams,
    response: CapabilitiesResult,
  }),
  refusals: fullEndpoint({
    method: 'get',
    path: '/devices/refusals',
    summary: 'Who knocked and was not let in, by peer, newest first.',
    permission: READ,
    query: RefusalQuery,
    response: Refusals,
  }),
  dismissRefusals: fullEndpoint({
    method: 'post',
    path: '/devices/refusals/dismiss',
    summary: 'Forget refused peers. Whoever knocks again is listed again.',
    permission: WRITE,
    body: Dismissal,
    response: Dismissed,
  }),
  receiver: fullEndpoint({
    method: 'get',
    path: '/devices/receiver',
    summary: 'What has to be typed into a device so that it sends here.',
    permission: READ,
    response: Receiver,
  }),
  locations: fullEndpoint({
    method: 'get',
    path: '/locations',
    summary: 'The places of your group.',
    permission: READ,
    response: Locations,
  }),
} as const;
