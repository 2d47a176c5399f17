import { storageSopClasses } from '@archwire/dicom';
import type { ProposedContext, RoleSelection } from '../associate-request.ts';

const UNCOMPRESSED = ['1.2.840.10008.1.2.1', '1.2.840.10008.1.2'];
/** Best first; a peer picks one of them for a class, whatever it has stored. */
const COMPRESSED = [
  '1.2.840.10008.1.2.4.50',
  '1.2.840.10008.1.2.4.51',
  '1.2.840.10008.1.2.4.70',
  '1.2.840.10008.1.2.4.57',
  '1.2.840.10008.1.2.4.90',
  '1.2.840.10008.1.2.4.91',
  '1.2.840.10008.1.2.4.80',
  '1.2.840.10008.1.2.4.81',
  '1.2.840.10008.1.2.4.201',
  '1.2.840.10008.1.2.5',
];
/** What dental practices have most of: these may also come compressed, as they are stored. */
const DENTAL: ReadonlySet<string> = new Set([
  'ComputedRadiographyImageStorage',
  'DigitalXRayImageStorageForPresentation',
  'DigitalXRayImageStorageForProcessing',
  'DigitalIntraOralXRayImageStorageForPresentation',
  'DigitalIntraOralXRayImageStorageForProcessing',
  'CTImageStorage',
  'EnhancedCTImageStorage',
  'SecondaryCaptureImageStorage',
  'MultiFrameGrayscaleByteSecondaryCaptureImageStorage',
  'MultiFrameTrueColorSecondaryCaptureImageStorage',
  'VLPhotographicImageStorage',
  'VLEndoscopicImageStorage',
]);
/** One of 128 is the C-GET itself. */
const MOST = 127;

/** Contexts of one C-GET: the service, then storage, for all of which we offer to be SCP (PS3.4 C.5.3.2). */
export const getContexts = (
  sopClass: string,
): {
  readonly contexts: readonly ProposedContext[];
  readonly roles: ReadonlyMap<string, RoleSelection>;
} => {
  const classes = storageSopClasses.filter(({ retired }) => !retired);
  const dental = classes.filter(({ keyword }) => DENTAL.has(keyword));
  const others = classes.filter(({ keyword }) => !DENTAL.has(keyword));
  const proposals = [
    ...dental.flatMap(({ uid }) => [[uid, UNCOMPRESSED] as const, [uid, COMPRESSED] as const]),
    ...others.map(({ uid }) => [uid, UNCOMPRESSED] as const),
  ].slice(0, MOST);
  const contexts = [[sopClass, UNCOMPRESSED] as const, ...proposals].map(
    ([abstractSyntax, transferSyntaxes], at) => ({ id: at * 2 + 1, abstractSyntax, transferSyntaxes }),
  );
  return { contexts, roles: new Map(proposals.map(([uid]) => [uid, { scu: false, scp: true }])) };
};
