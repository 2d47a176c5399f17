import { AppError, type AppErrorKind } from '@archwire/contracts';
import dimse from 'dcmjs-dimse';

/** Status (0000,0900) and, unless it is Success, Error Comment (0000,0902): what to do, at most 64 ASCII characters. */
export interface DimseStatus {
  readonly code: number;
  readonly comment?: string;
}

const { Status } = dimse.constants;

/** Statuses that this listener gives of its own accord (PS3.7 annex C, PS3.4 table B.2-1). */
export const SUCCESS: DimseStatus = { code: Status.Success };
export const CANNOT_UNDERSTAND: DimseStatus = {
  code: 0xc000,
  comment: 'Not a readable DICOM data set. Check the export of the sender.',
};
export const SOP_CLASS_NOT_SUPPORTED: DimseStatus = {
  code: Status.SopClassNotSupported,
  comment: 'Not a storage SOP class. Send images and documents only.',
};
export const UNRECOGNIZED_OPERATION: DimseStatus = {
  code: Status.UnrecognizedOperation,
  comment: 'Only C-ECHO and C-STORE are served here.',
};
export const INVALID_SOP_INSTANCE: DimseStatus = {
  code: Status.InvalidObjectInstance,
  comment: 'SOP Instance UID is not a UID. Correct it at the sender.',
};
const UID_MISMATCH: DimseStatus = {
  code: Status.DataSetSopClassMismatch,
  comment: 'Command and data set name different UIDs. Correct the sender.',
};
const FULL: DimseStatus = {
  code: 0xa700,
  comment: 'Storage is full. Free disk space on the server, then resend.',
};
const AGAIN: DimseStatus = {
  code: Status.ProcessingFailure,
  comment: 'Server trouble. Send again; if it stays, read its log.',
};
const NOT_AUTHORIZED: DimseStatus = {
  code: Status.NotAuthorized,
  comment: 'This device may not store here. Ask the administrator.',
};

/** The one table from what went wrong to what a DIMSE peer is told. */
const BY_KIND: Readonly<Record<AppErrorKind, DimseStatus>> = {
  invalid: CANNOT_UNDERSTAND,
  unsupported: SOP_CLASS_NOT_SUPPORTED,
  unauthenticated: NOT_AUTHORIZED,
  forbidden: NOT_AUTHORIZED,
  'storage-full': FULL,
  'too-large': { code: 0xa700, comment: 'Object is too large. Raise the limit or split it.' },
  'not-found': AGAIN,
  'method-not-allowed': AGAIN,
  conflict: AGAIN,
  'not-acceptable': AGAIN,
  'range-not-satisfiable': AGAIN,
  'rate-limited': AGAIN,
  unavailable: AGAIN,
  integrity: AGAIN,
  internal: AGAIN,
};

/** The status for anything thrown while an object was stored. Only AppErrors say more than "try again". */
export const statusOfError = (error: unknown): DimseStatus => {
  if (!(error instanceof AppError)) return AGAIN;
  if (error.kind === 'invalid' && error.details['reason'] === 'uid-mismatch') return UID_MISMATCH;
  if (error.kind === 'invalid' && error.details['reason'] === 'uid-malformed') return INVALID_SOP_INSTANCE;
  return BY_KIND[error.kind];
};
