/** What the encoding of a data set is called and how it reads (PS3.5 section 10 and annex A; PS3.6 annex A). */
export interface TransferSyntax {
  readonly uid: string;
  readonly keyword: string;
  readonly explicitVr: boolean;
  readonly littleEndian: boolean;
  /** The data set after group 2 is one raw deflate stream (PS3.5 A.5). */
  readonly deflated: boolean;
  /** Pixel Data is a sequence of fragments. */
  readonly encapsulated: boolean;
  /** The pixels may differ from what was acquired. `false` also for syntaxes that are lossless or lossy by choice of the sender. */
  readonly lossy: boolean;
  readonly retired: boolean;
}

type Row = readonly [uid: string, keyword: string, flags: string];

/** Flags: i implicit VR, b big endian, d deflated, n native pixel data, l lossy, r retired. No flag: explicit, little, encapsulated. */
const ROWS: readonly Row[] = [
  ['1.2.840.10008.1.2', 'ImplicitVRLittleEndian', 'in'],
  ['1.2.840.10008.1.2.1', 'ExplicitVRLittleEndian', 'n'],
  ['1.2.840.10008.1.2.1.98', 'EncapsulatedUncompressedExplicitVRLittleEndian', ''],
  ['1.2.840.10008.1.2.1.99', 'DeflatedExplicitVRLittleEndian', 'dn'],
  ['1.2.840.10008.1.2.2', 'ExplicitVRBigEndian', 'bnr'],
  ['1.2.840.10008.1.2.4.50', 'JPEGBaseline8Bit', 'l'],
  ['1.2.840.10008.1.2.4.51', 'JPEGExtended12Bit', 'l'],
  ['1.2.840.10008.1.2.4.52', 'JPEGExtended35', 'lr'],
  ['1.2.840.10008.1.2.4.53', 'JPEGSpectralSelectionNonHierarchical68', 'lr'],
  ['1.2.840.10008.1.2.4.54', 'JPEGSpectralSelectionNonHierarchical79', 'lr'],
  ['1.2.840.10008.1.2.4.55', 'JPEGFullProgressionNonHierarchical1012', 'lr'],
  ['1.2.840.10008.1.2.4.56', 'JPEGFullProgressionNonHierarchical1113', 'lr'],
  ['1.2.840.10008.1.2.4.57', 'JPEGLossless', ''],
  ['1.2.840.10008.1.2.4.58', 'JPEGLosslessNonHierarchical15', 'r'],
  ['1.2.840.10008.1.2.4.59', 'JPEGExtendedHierarchical1618', 'lr'],
  ['1.2.840.10008.1.2.4.60', 'JPEGExtendedHierarchical1719', 'lr'],
  ['1.2.840.10008.1.2.4.61', 'JPEGSpectralSelectionHierarchical2022', 'lr'],
  ['1.2.840.10008.1.2.4.62', 'JPEGSpectralSelectionHierarchical2123', 'lr'],
  ['1.2.840.10008.1.2.4.63', 'JPEGFullProgressionHierarchical2426', 'lr'],
  ['1.2.840.10008.1.2.4.64', 'JPEGFullProgressionHierarchical2527', 'lr'],
  ['1.2.840.10008.1.2.4.65', 'JPEGLosslessHierarchical28', 'r'],
  ['1.2.840.10008.1.2.4.66', 'JPEGLosslessHierarchical29', 'r'],
  ['1.2.840.10008.1.2.4.70', 'JPEGLosslessSV1', ''],
  ['1.2.840.10008.1.2.4.80', 'JPEGLSLossless', ''],
  ['1.2.840.10008.1.2.4.81', 'JPEGLSNearLossless', 'l'],
  ['1.2.840.10008.1.2.4.90', 'JPEG2000Lossless', ''],
  ['1.2.840.10008.1.2.4.91', 'JPEG2000', 'l'],
  ['1.2.840.10008.1.2.4.92', 'JPEG2000MCLossless', ''],
  ['1.2.840.10008.1.2.4.93', 'JPEG2000MC', 'l'],
  ['1.2.840.10008.1.2.4.94', 'JPIPReferenced', 'n'],
  ['1.2.840.10008.1.2.4.95', 'JPIPReferencedDeflate', 'dn'],
  ['1.2.840.10008.1.2.4.100', 'MPEG2MPML', 'l'],
  ['1.2.840.10008.1.2.4.100.1', 'MPEG2MPMLF', 'l'],
  ['1.2.840.10008.1.2.4.101', 'MPEG2MPHL', 'l'],
  ['1.2.840.10008.1.2.4.101.1', 'MPEG2MPHLF', 'l'],
  ['1.2.840.10008.1.2.4.102', 'MPEG4HP41', 'l'],
  ['1.2.840.10008.1.2.4.102.1', 'MPEG4HP41F', 'l'],
  ['1.2.840.10008.1.2.4.103', 'MPEG4HP41BD', 'l'],
  ['1.2.840.10008.1.2.4.103.1', 'MPEG4HP41BDF', 'l'],
  ['1.2.840.10008.1.2.4.104', 'MPEG4HP422D', 'l'],
  ['1.2.840.10008.1.2.4.104.1', 'MPEG4HP422DF', 'l'],
  ['1.2.840.10008.1.2.4.105', 'MPEG4HP423D', 'l'],
  ['1.2.840.10008.1.2.4.105.1', 'MPEG4HP423DF', 'l'],
  ['1.2.840.10008.1.2.4.106', 'MPEG4HP42STEREO', 'l'],
  ['1.2.840.10008.1.2.4.106.1', 'MPEG4HP42STEREOF', 'l'],
  ['1.2.840.10008.1.2.4.107', 'HEVCMP51', 'l'],
  ['1.2.840.10008.1.2.4.108', 'HEVCM10P51', 'l'],
  ['1.2.840.10008.1.2.4.110', 'JPEGXLLossless', ''],
  ['1.2.840.10008.1.2.4.111', 'JPEGXLJPEGRecompression', 'l'],
  ['1.2.840.10008.1.2.4.112', 'JPEGXL', 'l'],
  ['1.2.840.10008.1.2.4.201', 'HTJ2KLossless', ''],
  ['1.2.840.10008.1.2.4.202', 'HTJ2KLosslessRPCL', ''],
  ['1.2.840.10008.1.2.4.203', 'HTJ2K', 'l'],
  ['1.2.840.10008.1.2.4.204', 'JPIPHTJ2KReferenced', 'n'],
  ['1.2.840.10008.1.2.4.205', 'JPIPHTJ2KReferencedDeflate', 'dn'],
  ['1.2.840.10008.1.2.5', 'RLELossless', ''],
  ['1.2.840.10008.1.2.6.1', 'RFC2557MIMEEncapsulation', 'nr'],
  ['1.2.840.10008.1.2.6.2', 'XMLEncoding', 'nr'],
  ['1.2.840.10008.1.2.7.1', 'SMPTEST211020UncompressedProgressiveActiveVideo', 'n'],
  ['1.2.840.10008.1.2.7.2', 'SMPTEST211020UncompressedInterlacedActiveVideo', 'n'],
  ['1.2.840.10008.1.2.7.3', 'SMPTEST211030PCMDigitalAudio', 'n'],
  ['1.2.840.10008.1.2.8.1', 'DeflatedImageFrameCompression', ''],
  ['1.2.840.10008.1.20', 'Papyrus3ImplicitVRLittleEndian', 'inr'],
];

/** Every transfer syntax of PS3.6 annex A, retired ones included. */
export const transferSyntaxes: readonly TransferSyntax[] = ROWS.map(([uid, keyword, flags]) => ({
  uid,
  keyword,
  explicitVr: !flags.includes('i'),
  littleEndian: !flags.includes('b'),
  deflated: flags.includes('d'),
  encapsulated: !flags.includes('n'),
  lossy: flags.includes('l'),
  retired: flags.includes('r'),
}));

const BY_UID: ReadonlyMap<string, TransferSyntax> = new Map(
  transferSyntaxes.map((syntax) => [syntax.uid, syntax]),
);

/** The transfer syntax with this UID, or `undefined` when PS3.6 does not name it (private ones, typing errors). */
export const transferSyntax = (uid: string): TransferSyntax | undefined => BY_UID.get(uid);
