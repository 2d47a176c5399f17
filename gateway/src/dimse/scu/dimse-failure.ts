/** Thrown when a peer answered, but not with what was asked for. The message is for the log. */
export class DimseFailure extends Error {
  override readonly name = 'DimseFailure';
  /** Status (0000,0900); `null`: the peer does not offer the service. */
  readonly status: number | null;
  /** Error Comment (0000,0902) of the peer. */
  readonly comment: string | null;

  constructor(status: number | null, comment: string | null = null) {
    super(
      status === null
        ? 'The peer does not offer this service.'
        : `The peer answered with status ${status.toString(16).padStart(4, '0').toUpperCase()}H.`,
    );
    this.status = status;
    this.comment = comment;
  }
}
