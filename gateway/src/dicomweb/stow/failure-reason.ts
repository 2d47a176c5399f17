import { AppError } from '@archwire/contracts';

/** Failure Reason (0008,1197) and Warning Reason (0008,1196) values: PS3.18 table 10.5.3-1, PS3.4 table GG.4-1, PS3.7 annex C. */
export const FAILURE_REASON = {
  processingFailure: 0x0110,
  sopClassNotSupported: 0x0122,
  outOfResources: 0xa700,
  dataSetDoesNotMatch: 0xa900,
  cannotUnderstand: 0xc000,
  transferSyntaxNotSupported: 0xc122,
} as const;

/** PS3.7 annex C, Duplicate SOP Instance: the SOP Instance exists already with other contents; both are kept until somebody decides. */
export const WARNING_DUPLICATE_SOP_INSTANCE = 0x0111;

/** The one table from the kind of an error to what a STOW-RS response says of the instance. */
export const failureReason = (error: unknown): number => {
  if (!(error instanceof AppError)) return FAILURE_REASON.processingFailure;
  const reason = error.details['reason'];
  if (error.kind === 'storage-full' || error.kind === 'too-large') return FAILURE_REASON.outOfResources;
  if (error.kind === 'unsupported') return FAILURE_REASON.sopClassNotSupported;
  if (error.kind === 'conflict') return FAILURE_REASON.dataSetDoesNotMatch;
  if (error.kind !== 'invalid') return FAILURE_REASON.processingFailure;
  if (reason === 'uid-mismatch') return FAILURE_REASON.dataSetDoesNotMatch;
  if (reason === 'transfer-syntax') return FAILURE_REASON.transferSyntaxNotSupported;
  return FAILURE_REASON.cannotUnderstand;
};
