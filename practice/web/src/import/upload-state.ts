import { createStore } from '@archwire/ui';

/** Why nothing moves at the moment. */
export type Pause = 'offline' | 'storage-full' | 'signed-out' | 'unavailable';

/** How far one file is. */
export interface SentFile {
  readonly sent: number;
  readonly outcome: string | null;
  readonly reason: string | null;
}

/**
 * The import that this tab sends. `idle` until something is chosen; `naming` while the server learns the names;
 * `opening`: everything is sent, the server still opens containers.
 */
export interface UploadState {
  readonly phase: 'idle' | 'naming' | 'sending' | 'opening' | 'done' | 'cancelled' | 'failed';
  readonly importId: string | null;
  readonly files: number;
  readonly bytes: number;
  readonly sentFiles: number;
  readonly sentBytes: number;
  /** Were here already when this tab began. */
  readonly alreadyFiles: number;
  readonly bytesPerSecond: number | null;
  readonly pause: Pause | null;
  readonly retryAt: number | null;
  /** Files that this browser could not read any more; their paths. */
  readonly unreadable: readonly string[];
  readonly problem: unknown;
  /** Of an import for one patient, by path. */
  readonly perFile: Readonly<Record<string, SentFile>>;
}

export const IDLE: UploadState = {
  phase: 'idle',
  importId: null,
  files: 0,
  bytes: 0,
  sentFiles: 0,
  sentBytes: 0,
  alreadyFiles: 0,
  bytesPerSecond: null,
  pause: null,
  retryAt: null,
  unreadable: [],
  problem: null,
  perFile: {},
};

/** Outside of every page, so that going elsewhere in the app stops nothing. */
export const uploadState = createStore<UploadState>(IDLE);

export const isUploading = ({ phase }: UploadState): boolean =>
  phase === 'naming' || phase === 'sending' || phase === 'opening';
