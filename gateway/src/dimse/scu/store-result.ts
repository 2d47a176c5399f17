import type { AssociationFailure } from './association-error.ts';

/** Why an instance did not go out. */
export type StoreFailure =
  /** The peer said no. */
  | { readonly at: 'refused'; readonly status: number; readonly comment: string | null }
  /** The peer takes the class in no syntax that the instance can be written in. */
  | { readonly at: 'no-context' }
  /** It takes another syntax than the stored one, and the pixels cannot be rewritten. */
  | { readonly at: 'transcode'; readonly error: unknown }
  /** Our own bytes cannot be read. */
  | { readonly at: 'unreadable'; readonly error: unknown }
  /** The association never was or ended; whether the peer kept the instance is not known. */
  | AssociationFailure;

/** What became of one instance. */
export type StoreResult =
  | {
      readonly outcome: 'stored' | 'warning';
      /** Status (0000,0900): 0, or a warning of PS3.4 table B.2-1. */
      readonly status: number;
      readonly comment: string | null;
      /** What it was written in. */
      readonly transferSyntaxUid: string;
    }
  | { readonly outcome: 'failed'; readonly failure: StoreFailure };
