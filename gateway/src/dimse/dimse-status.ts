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
  comment: 'This operation is not served here.',
};
/** The operation is served, but not for the class of this context. */
export const CLASS_NOT_SERVED: DimseStatus = {
  code: Status.SopClassNotSupported,
  comment: 'Not served for this class. Ask on the context of its own.',
};
export const PENDING: DimseStatus = { code: 0xff00 };
/** Some optional key is not supported (PS3.4 table C.4-1). */
export const PENDING_WITHOUT_SOME_KEYS: DimseStatus = { code: 0xff01 };
export const CANCELLED: DimseStatus = { code: 0xfe00, comment: 'Ended by C-CANCEL.' };
/** Of C-MOVE and C-GET (PS3.4 tables C.4-2 and C.4-3). */
export const SOME_NOT_SENT: DimseStatus = {
  code: 0xb000,
  comment: 'Some were not sent, or taken with a warning. See the list.',
};
export const NOTHING_SENT: DimseStatus = {
  code: 0xa702,
  comment: 'No instance could be sent. See the log of the server.',
};
export const TOO_MANY_TO_SEND: DimseStatus = {
  code: 0xa701,
  comment: 'More than 65535 instances. Retrieve study by study.',
};
export const TOO_MANY_RETRIEVES: DimseStatus = {
  code: 0xa702,
  comment: 'Too many retrieves at once. Try again in a minute.',
};
export const DESTINATION_UNKNOWN: DimseStatus = {
  code: 0xa801,
  comment: 'Destination is no device here with host and port. Register it.',
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
export const NOT_AUTHORIZED: DimseStatus = {
  code: Status.NotAuthorized,
  comment: 'This device may not do this here. Ask the administrator.',
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

/** Printable ASCII, as long as Error Comment (LO) may be. */
const commentOf = (message: string): string => message.replaceAll(/[^\x20-\x5b\x5d-\x7e]/g, '?').slice(0, 64);

/** The status for anything thrown before the first sub-operation of C-MOVE or C-GET (PS3.4 tables C.4-2 and C.4-3). */
export const statusOfRetrieveError = (error: unknown): DimseStatus => {
  const comment = AGAIN.comment ?? '';
  if (!(error instanceof AppError)) return { code: 0xc000, comment };
  if (error.kind === 'invalid') return { code: 0xa900, comment: commentOf(error.message) };
  if (error.kind === 'forbidden') return NOT_AUTHORIZED;
  return { code: error.kind === 'unavailable' ? 0xa701 : 0xc000, comment };
};

/** The status for anything thrown while a query was answered (PS3.4 table C.4-1). */
export const statusOfQueryError = (error: unknown): DimseStatus => {
  if (!(error instanceof AppError)) return { code: 0xc000, comment: AGAIN.comment ?? '' };
  if (error.kind === 'invalid') {
    const code = error.details['reason'] === 'identifier-mismatch' ? 0xa900 : 0xc000;
    return { code, comment: commentOf(error.message) };
  }
  if (error.kind === 'too-large') return { code: 0xa700, comment: commentOf(error.message) };
  if (error.kind === 'forbidden') return NOT_AUTHORIZED;
  return { code: error.kind === 'unavailable' ? 0xa700 : 0xc000, comment: AGAIN.comment ?? '' };
};

/** The status for anything thrown while a DIMSE-N request was read or kept (PS3.7 annex C). */
export const statusOfActionError = (error: unknown): DimseStatus => {
  if (!(error instanceof AppError)) return AGAIN;
  if (error.kind === 'invalid')
    return { code: Status.InvalidArgumentValue, comment: commentOf(error.message) };
  return error.kind === 'forbidden' ? NOT_AUTHORIZED : AGAIN;
};
