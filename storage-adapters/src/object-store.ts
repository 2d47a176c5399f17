import type { Readable } from 'node:stream';

export interface ObjectInfo {
  readonly key: string;
  readonly length: number;
}

/**
 * A store of immutable objects. A key is written once; a second put of the same key replaces it atomically.
 * Keys are slash-separated segments of `[A-Za-z0-9._-]`, never starting with a dot. Every adapter passes `conformance.ts`.
 */
export interface ObjectStore {
  /** Durable when it resolves. The object appears whole or not at all. */
  put(
    key: string,
    body: Readable | Uint8Array,
    options?: { readonly contentType?: string },
  ): Promise<ObjectInfo>;
  /** Takes over a finished local file; the file may be gone afterwards. Cheap (a link) where the store is on the same disk. */
  putFile(key: string, path: string): Promise<ObjectInfo>;
  /** @throws AppError `not-found`; `range-not-satisfiable` when the range lies outside the object. */
  get(key: string, range?: { readonly offset: number; readonly length: number }): Promise<Readable>;
  /** The same, whole in memory: for small ranges only. With room in `into`, the result may be a view of its start. */
  read(
    key: string,
    range?: { readonly offset: number; readonly length: number },
    into?: Buffer,
  ): Promise<Buffer>;
  /** `undefined` when there is no such object. */
  head(key: string): Promise<ObjectInfo | undefined>;
  /** Deleting what is not there is not an error. */
  delete(key: string): Promise<void>;
  /** A URL that reads the object until it expires, without other credentials. */
  signedUrl(
    key: string,
    options: { readonly expiresInSeconds: number; readonly contentType?: string },
  ): Promise<string>;
}
