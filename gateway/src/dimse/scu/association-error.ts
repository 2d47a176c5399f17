/** Why an association that we asked for came to nothing, or to an end. */
export type AssociationFailure =
  | {
      readonly at:
        | 'name-unknown'
        | 'connection-refused'
        | 'unreachable'
        | 'connect-timeout'
        | 'association-timeout'
        | 'answer-timeout'
        | 'aborted'
        | 'closed'
        | 'tls-needed'
        | 'tls-failed'
        | 'not-dicom'
        /** It broke the protocol after it had associated. */
        | 'protocol'
        /** All associations that we may have to it were in use. */
        | 'busy';
    }
  /** A-ASSOCIATE-RJ (PS3.8 table 9-21). */
  | { readonly at: 'rejected'; readonly result: number; readonly source: number; readonly reason: number };

/** Thrown by what we ask of peers; `failure` says in one word what happened. The message is for the log. */
export class AssociationError extends Error {
  override readonly name = 'AssociationError';
  readonly failure: AssociationFailure;

  constructor(failure: AssociationFailure, cause?: unknown) {
    super(`The association failed: ${failure.at}.`, { cause });
    this.failure = failure;
  }
}
