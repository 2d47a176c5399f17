export { resolveRange, type ByteRange } from './byte-range.ts';
export { createFilesystemStore, type FilesystemStoreOptions } from './filesystem-store.ts';
export { objectKey } from './object-key.ts';
export type { ObjectInfo, ObjectStore } from './object-store.ts';
export { signUrl, verifySignedUrl, type SignedRead } from './signed-url.ts';
export { storageError } from './storage-error.ts';
export { readRange } from './read-range.ts';
