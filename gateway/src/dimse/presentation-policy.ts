import { isUidLenient } from '@archwire/contracts';
import { transferSyntax } from '@archwire/dicom';
import dimse from 'dcmjs-dimse';

/** What this listener agrees to receive. */
export interface PresentationPolicy {
  readonly isStorage: (abstractSyntax: string) => boolean;
  readonly acceptsAbstractSyntax: (abstractSyntax: string) => boolean;
  readonly acceptsTransferSyntax: (uid: string) => boolean;
}

const DICOM_ROOT = '1.2.840.10008.';
/**
 * Where PS3.6 annex A puts composite objects that are stored: the Storage Service Class itself, and the few classes that
 * live elsewhere (Hanging Protocol, Color Palette, Implant templates, RT treatment delivery).
 */
const STORAGE_ROOTS = [
  '1.2.840.10008.5.1.4.1.1.',
  '1.2.840.10008.5.1.4.34.7',
  '1.2.840.10008.5.1.4.34.10',
  '1.2.840.10008.5.1.4.38.1',
  '1.2.840.10008.5.1.4.39.1',
  '1.2.840.10008.5.1.4.43.1',
  '1.2.840.10008.5.1.4.44.1',
  '1.2.840.10008.5.1.4.45.1',
];
/** Syntaxes of PS3.6 whose bytes are no data set that can be kept: a URL or a live stream instead of pixels, MIME, XML, Papyrus. */
const NOT_STORABLE = new Set([
  '1.2.840.10008.1.2.4.94',
  '1.2.840.10008.1.2.4.95',
  '1.2.840.10008.1.2.4.204',
  '1.2.840.10008.1.2.4.205',
  '1.2.840.10008.1.2.6.1',
  '1.2.840.10008.1.2.6.2',
  '1.2.840.10008.1.2.7.1',
  '1.2.840.10008.1.2.7.2',
  '1.2.840.10008.1.2.7.3',
  '1.2.840.10008.1.20',
]);

/**
 * Storage classes are told by their root and not by a list, so that a class newer than this product is not an image lost.
 * Private classes come from many dental devices; they are refused only on request.
 */
export const createPresentationPolicy = (options: {
  readonly acceptPrivateSopClasses: boolean;
}): PresentationPolicy => {
  const isStorage = (uid: string): boolean => {
    if (!isUidLenient(uid)) return false;
    if (!uid.startsWith(DICOM_ROOT)) return options.acceptPrivateSopClasses;
    return STORAGE_ROOTS.some((root) => (root.endsWith('.') ? uid.startsWith(root) : uid === root));
  };
  return {
    isStorage,
    acceptsAbstractSyntax: (uid) => uid === dimse.constants.SopClass.Verification || isStorage(uid),
    acceptsTransferSyntax: (uid) => transferSyntax(uid) !== undefined && !NOT_STORABLE.has(uid),
  };
};
