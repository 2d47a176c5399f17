/**
 * Where the Part 10 bytes of an instance lie: a byte range of an immutable object. There is no other way to name them.
 * `store` is `journal` (this node's write-ahead segments and large files) or the name of an object store (`archive` by default).
 */
export interface InstanceLocation {
  readonly store: string;
  readonly key: string;
  /** Bytes from the start of the object to the DICOM preamble. */
  readonly offset: number;
  /** Bytes of the whole Part 10 file, preamble included. */
  readonly length: number;
}
