import { isUidLenient } from '@archwire/contracts';
import { isStorageSopClass, transferSyntax } from '@archwire/dicom';
import type { RoleSelection } from './associate-request.ts';
import type { DimseService } from './dimse-service.ts';

/** What this listener agrees to: storage, and whatever its table of services serves. */
export interface PresentationPolicy {
  readonly isStorage: (abstractSyntax: string) => boolean;
  readonly acceptsAbstractSyntax: (abstractSyntax: string) => boolean;
  readonly acceptsTransferSyntax: (uid: string, abstractSyntax: string) => boolean;
  /**
   * The roles that are granted to a peer that proposed some for a class, given all classes that it proposed;
   * `null`: none, so the context is refused.
   */
  readonly roles: (
    abstractSyntax: string,
    proposed: RoleSelection,
    classes: ReadonlySet<string>,
  ) => RoleSelection | null;
}

const DICOM_ROOT = '1.2.840.10008.';
/** Where PS3.6 annex A puts storage classes, those to come too, and the few query services that it puts among them. */
const STORAGE_ROOT = '1.2.840.10008.5.1.4.1.1.';
const QUERIES_AMONG_STORAGE = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(?:200\.[456]|201\.[234])$/;
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
 * Besides the classes of PS3.6 whatever lies under its storage root is taken, so that a class newer than this product is not
 * an image lost. Private classes come from many dental devices; they are refused only on request.
 */
export const createPresentationPolicy = (options: {
  readonly acceptPrivateSopClasses: boolean;
  readonly services: readonly DimseService[];
}): PresentationPolicy => {
  const servicesOf = (uid: string): readonly DimseService[] =>
    options.services.filter(({ abstractSyntaxes }) => abstractSyntaxes.has(uid));
  const isStorage = (uid: string): boolean => {
    if (!isUidLenient(uid)) return false;
    if (!uid.startsWith(DICOM_ROOT)) return options.acceptPrivateSopClasses;
    return isStorageSopClass(uid) || (uid.startsWith(STORAGE_ROOT) && !QUERIES_AMONG_STORAGE.test(uid));
  };
  return {
    isStorage,
    acceptsAbstractSyntax: (uid) => servicesOf(uid).length > 0 || isStorage(uid),
    acceptsTransferSyntax: (uid, abstractSyntax) => {
      const services = servicesOf(abstractSyntax);
      if (services.length > 0) return services.some(({ transferSyntaxes }) => transferSyntaxes.has(uid));
      return transferSyntax(uid) !== undefined && !NOT_STORABLE.has(uid);
    },
    roles: (abstractSyntax, proposed, classes) => {
      const services = servicesOf(abstractSyntax);
      const isScuHere =
        services.length > 0
          ? services.some(({ peerRole }) => peerRole === 'scp')
          : [...classes].some((uid) => servicesOf(uid).some(({ storesAtPeer }) => storesAtPeer === true));
      const isScpHere = services.length === 0 || services.some(({ peerRole }) => peerRole === undefined);
      const granted = { scu: proposed.scu && isScpHere, scp: proposed.scp && isScuHere };
      return granted.scu || granted.scp ? granted : null;
    },
  };
};
