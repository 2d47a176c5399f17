import type { PeerService, SyntaxGroup } from '@archwire/contracts/api/device-capabilities';
import { storageSopClasses, transferSyntaxes } from '@archwire/dicom';

/** The SOP class that is proposed for each service. */
export const SERVICE_CLASSES: Readonly<Record<PeerService, string>> = {
  verification: '1.2.840.10008.1.1',
  'find-patient-root': '1.2.840.10008.5.1.4.1.2.1.1',
  'find-study-root': '1.2.840.10008.5.1.4.1.2.2.1',
  'move-patient-root': '1.2.840.10008.5.1.4.1.2.1.2',
  'move-study-root': '1.2.840.10008.5.1.4.1.2.2.2',
  'get-patient-root': '1.2.840.10008.5.1.4.1.2.1.3',
  'get-study-root': '1.2.840.10008.5.1.4.1.2.2.3',
  worklist: '1.2.840.10008.5.1.4.31',
  mpps: '1.2.840.10008.3.1.2.3.3',
  commitment: '1.2.840.10008.1.20.1',
  availability: '1.2.840.10008.5.1.4.33',
};

const PLAIN = ['ImplicitVRLittleEndian', 'ExplicitVRLittleEndian'];
/** PS3.6 keywords; a peer that takes one of a group is taken to understand the group. */
const GROUP_KEYWORDS: Readonly<Record<SyntaxGroup, readonly string[]>> = {
  uncompressed: PLAIN,
  deflated: ['DeflatedExplicitVRLittleEndian'],
  'jpeg-baseline': ['JPEGBaseline8Bit', 'JPEGExtended12Bit'],
  'jpeg-lossless': ['JPEGLosslessSV1', 'JPEGLossless'],
  'jpeg-ls': ['JPEGLSLossless', 'JPEGLSNearLossless'],
  'jpeg-2000': ['JPEG2000Lossless', 'JPEG2000'],
  htj2k: ['HTJ2KLossless', 'HTJ2KLosslessRPCL', 'HTJ2K'],
  rle: ['RLELossless'],
  video: ['MPEG2MPML', 'MPEG4HP41', 'HEVCMP51'],
};

const STILL: readonly SyntaxGroup[] = [
  'uncompressed',
  'deflated',
  'jpeg-baseline',
  'jpeg-lossless',
  'jpeg-ls',
  'jpeg-2000',
  'htj2k',
  'rle',
];
const DOCUMENT: readonly SyntaxGroup[] = ['uncompressed', 'deflated'];

/** Storage classes of dental practices with the groups in which they come: 96 contexts, with the services below 128. */
const CLASSES: readonly (readonly [keyword: string, groups: readonly SyntaxGroup[]])[] = [
  ['DigitalIntraOralXRayImageStorageForPresentation', STILL],
  ['DigitalXRayImageStorageForPresentation', STILL],
  ['ComputedRadiographyImageStorage', STILL],
  ['CTImageStorage', STILL],
  ['EnhancedCTImageStorage', STILL],
  ['SecondaryCaptureImageStorage', STILL],
  ['MultiFrameTrueColorSecondaryCaptureImageStorage', STILL],
  ['VLPhotographicImageStorage', STILL],
  ['VideoPhotographicImageStorage', ['video']],
  ['EncapsulatedPDFStorage', DOCUMENT],
  ['EncapsulatedSTLStorage', DOCUMENT],
  ['BasicTextSRStorage', DOCUMENT],
  ['ComprehensiveSRStorage', DOCUMENT],
  ['KeyObjectSelectionDocumentStorage', DOCUMENT],
  ['GrayscaleSoftcopyPresentationStateStorage', DOCUMENT],
];

/** What a group proposes. */
export const syntaxesOf = (group: SyntaxGroup): readonly string[] =>
  transferSyntaxes.filter(({ keyword }) => GROUP_KEYWORDS[group].includes(keyword)).map(({ uid }) => uid);

/** The storage classes that are asked for. */
export const PROBED_STORAGE: readonly {
  readonly sopClassUid: string;
  readonly keyword: string;
  readonly groups: readonly SyntaxGroup[];
}[] = CLASSES.flatMap(([keyword, groups]) =>
  storageSopClasses
    .filter((entry) => entry.keyword === keyword)
    .map(({ uid }) => ({ sopClassUid: uid, keyword, groups })),
);
