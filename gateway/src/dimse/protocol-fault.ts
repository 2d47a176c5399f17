import dimse from 'dcmjs-dimse';

/** Who ends the association and why, as an A-ABORT says it (PS3.8 section 9.3.8). */
export interface ProtocolFault {
  readonly source: number;
  readonly reason: number;
  /** For the log: a fixed phrase, never bytes of the peer. */
  readonly reasonText: string;
}

const { AbortReason, AbortSource } = dimse.constants;

/** A fault that the upper layer itself notices; the reason tells the peer what it did. */
export const providerFault = (reason: keyof typeof AbortReason, reasonText: string): ProtocolFault => ({
  source: AbortSource.ServiceProvider,
  reason: AbortReason[reason],
  reasonText,
});

/** A fault in what the upper layer carries (a command that is none): the reason field is then not significant. */
export const userFault = (reasonText: string): ProtocolFault => ({
  source: AbortSource.ServiceUser,
  reason: AbortReason.NotSpecified,
  reasonText,
});
