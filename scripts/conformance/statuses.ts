import { AppError, type AppErrorKind } from '@archwire/contracts';
import * as table from '../../gateway/src/dimse/dimse-status.ts';
import type { DimseStatus } from '../../gateway/src/dimse/dimse-status.ts';
import { mppsFailure } from '../../gateway/src/dimse/mpps/mpps-status.ts';
import { markdownTable } from './markdown-table.ts';

const KINDS: Readonly<Record<AppErrorKind, true>> = {
  invalid: true,
  unauthenticated: true,
  forbidden: true,
  'not-found': true,
  'method-not-allowed': true,
  conflict: true,
  'too-large': true,
  unsupported: true,
  'not-acceptable': true,
  'range-not-satisfiable': true,
  'rate-limited': true,
  'storage-full': true,
  unavailable: true,
  integrity: true,
  internal: true,
};

const INVALID = [
  'uid-mismatch',
  'uid-malformed',
  'identifier-mismatch',
  'missing-attribute',
  'missing-value',
  'invalid-value',
];

/** Everything that can go wrong, as the tables of statuses see it. */
const ERRORS: readonly AppError[] = [
  ...Object.keys(KINDS).map((kind) => new AppError(isKind(kind) ? kind : 'internal', '')),
  ...INVALID.map((reason) => new AppError('invalid', '', { details: { reason } })),
  ...['duplicate', 'ended'].map((reason) => new AppError('conflict', '', { details: { reason } })),
];

function isKind(kind: string): kind is AppErrorKind {
  return Object.hasOwn(KINDS, kind);
}

const hex = (code: number): string => code.toString(16).toUpperCase().padStart(4, '0');
/** PS3.7 annex C. */
const classOf = (code: number): string => {
  if (code === 0) return 'Success';
  if (code === 0xff00 || code === 0xff01) return 'Pending';
  if (code === 0xfe00) return 'Cancel';
  return code === 1 || code >> 12 === 0xb || code === 0x0107 || code === 0x0116 ? 'Warning' : 'Failure';
};
/** Where the code alone says what it is. */
const MEANINGS: ReadonlyMap<number, string> = new Map([
  [0x0000, 'Done'],
  [0xff00, 'A match, or sub-operations go on'],
  [0xff01, 'A match; some optional key is neither matched nor returned'],
  [0xa900, 'The identifier does not fit the SOP class'],
  [0x0106, 'Invalid attribute value'],
  [0x0110, 'Processing failure'],
  [0x0111, 'Duplicate SOP instance'],
  [0x0112, 'No such SOP instance'],
  [0x0120, 'Missing attribute'],
  [0x0115, 'Invalid argument value'],
  [0x0121, 'Missing attribute value'],
  [0xa700, 'Out of resources'],
  [0xc000, 'Unable to process'],
  [0xa701, 'Out of resources: the number of matches cannot be calculated'],
]);

/** The statuses of one service, each code once with what its Error Comment says. */
export const statusTable = (statuses: readonly DimseStatus[]): string => {
  const rows = new Map<number, Set<string>>();
  for (const { code, comment = '' } of statuses) {
    const said = rows.get(code) ?? new Set();
    rows.set(code, said);
    const words = comment === '' ? MEANINGS.get(code) : comment;
    if (words !== undefined) said.add(words);
  }
  return markdownTable(
    ['Status', 'Class', 'Meaning, or the Error Comment (0000,0902)'],
    [...rows]
      .toSorted(([one], [other]) => one - other)
      .map(([code, said]) => [hex(code), classOf(code), [...said].join(' / ')]),
  );
};

/** What C-STORE answers. */
export const storeStatuses = (): readonly DimseStatus[] => [
  table.SUCCESS,
  table.CANNOT_UNDERSTAND,
  table.SOP_CLASS_NOT_SUPPORTED,
  table.INVALID_SOP_INSTANCE,
  ...ERRORS.map(table.statusOfError),
];

/** What C-FIND answers. */
export const findStatuses = (): readonly DimseStatus[] => [
  table.SUCCESS,
  table.PENDING,
  table.PENDING_WITHOUT_SOME_KEYS,
  table.CANCELLED,
  ...ERRORS.map(table.statusOfQueryError),
];

/** What C-MOVE and C-GET answer. */
export const retrieveStatuses = (): readonly DimseStatus[] => [
  table.SUCCESS,
  table.PENDING,
  table.CANCELLED,
  table.SOME_NOT_SENT,
  table.NOTHING_SENT,
  table.TOO_MANY_TO_SEND,
  table.TOO_MANY_RETRIEVES,
  table.DESTINATION_UNKNOWN,
  ...ERRORS.map(table.statusOfRetrieveError),
];

/** What N-CREATE and N-SET of a performed procedure step answer. */
export const mppsStatuses = (): readonly DimseStatus[] => [
  table.SUCCESS,
  ...ERRORS.map((error) => mppsFailure(error).status),
];

/** What N-ACTION of storage commitment answers. */
export const commitmentStatuses = (): readonly DimseStatus[] => [
  table.SUCCESS,
  ...ERRORS.map(table.statusOfActionError),
];

/** What any request is answered that no service takes. */
export const otherStatuses = (): readonly DimseStatus[] => [
  table.UNRECOGNIZED_OPERATION,
  table.CLASS_NOT_SERVED,
  table.NOT_AUTHORIZED,
];
