import { STORAGE_SOP_CLASSES } from './storage-sop-class-table.ts';

/** A kind of object that can be stored (PS3.4 annex B; PS3.6 annex A). */
export interface StorageSopClass {
  readonly uid: string;
  readonly keyword: string;
  readonly retired: boolean;
}

/** Every storage SOP class of the current standard, the retired ones too: old devices still send them. */
export const storageSopClasses: readonly StorageSopClass[] = STORAGE_SOP_CLASSES.map(
  ([uid, keyword, retired]) => ({
    uid,
    keyword,
    retired: retired ?? false,
  }),
);

const BY_UID: ReadonlyMap<string, StorageSopClass> = new Map(
  storageSopClasses.map((entry) => [entry.uid, entry]),
);

export const isStorageSopClass = (uid: string): boolean => BY_UID.has(uid);

/** `undefined` for private SOP classes and for those that are not stored. */
export const storageSopClass = (uid: string): StorageSopClass | undefined => BY_UID.get(uid);
