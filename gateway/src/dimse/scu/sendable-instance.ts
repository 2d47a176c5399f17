import type { StoredBytes } from '@archwire/dicom';
import type { StorableKind } from './plan-store-contexts.ts';

/** An instance that can be sent: what it is, and how to get at its Part 10 bytes by range, asked for when its turn comes. */
export interface SendableInstance extends StorableKind {
  readonly SOPInstanceUID: string;
  readonly open: () => Promise<StoredBytes>;
}

/**
 * The data set of an instance written in another transfer syntax, piece by piece; the first piece comes when it is known that
 * it can be done. @throws AppError `unsupported` when its pixels cannot be rewritten, `invalid` when it cannot be understood.
 */
export type Transcode = (
  stored: StoredBytes,
  transferSyntaxUid: string,
) => AsyncGenerator<Buffer, void, undefined>;
