import { AppError } from '@archwire/contracts';

/**
 * What may stand in a log line. An allow list, because a list of what to hide is never complete: text survives only
 * under a name that holds ids, UIDs, codes or addresses; numbers and booleans survive; everything else is named, not shown.
 */
const TEXT_NAMES = new Set(
  `id ids uid uids kind reason code status state method path route event job queue service topic store key node
   role action outcome via address port ae host signal version level component phase permission table constraint column
   routine severity syscall errno type mediaType transferSyntax sopClass segment`.split(/\s+/),
);
const TEXT_SUFFIX =
  /(?:Id|Ids|_id|_ids|UID|UIDs|Uid|Uids|Ae|AE|Address|Port|Kind|State|Code|Count|Ms|Bytes|Path|At)$/;
/** Suffixes above that are patient data all the same (PS3.6 keywords and our columns). */
const NEVER =
  /^(?:PatientID|pat_id|patId|OtherPatientIDs|StudyID|study_dicom_id|IssuerOfPatientID|PatientAddress)$|^(?:Patient|pat_|pat[A-Z]).*(?<!UID)(?<!^patientId)$/;
const MAX_DEPTH = 4;
const MAX_ITEMS = 50;
const MAX_TEXT = 300;

const isTextName = (name: string): boolean =>
  !NEVER.test(name) && (TEXT_NAMES.has(name) || TEXT_SUFFIX.test(name));

/** The values of a V8 stack without its message: `Error: <message>` may quote input. */
const frames = (error: Error): string[] =>
  (error.stack ?? '')
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 12)
    .map((line) => line.trim());

const own = (error: Error, name: string): unknown => Object.getOwnPropertyDescriptor(error, name)?.value;

/** Messages that never quote input: ours, the system's, and programming mistakes. Class 22 of PostgreSQL quotes values. */
const hasSafeMessage = (error: Error): boolean => {
  const code = own(error, 'code');
  if (error instanceof AppError) return true;
  if (typeof code === 'string' && code.startsWith('ERR_INVALID')) return false;
  if (own(error, 'syscall') !== undefined) return true;
  if (own(error, 'severity') !== undefined) return typeof code === 'string' && !code.startsWith('22');
  return ['TypeError', 'ReferenceError', 'RangeError', 'AssertionError', 'KnexTimeoutError'].includes(
    error.name,
  );
};

const safeError = (error: Error, depth: number): Record<string, unknown> => ({
  type: error.name,
  ...(hasSafeMessage(error) ? { message: error.message.slice(0, MAX_TEXT) } : {}),
  ...Object.fromEntries(
    ['code', 'kind', 'table', 'constraint', 'column', 'routine', 'syscall']
      .map((name) => [name, own(error, name)] as const)
      .filter(([, value]) => typeof value === 'string' || typeof value === 'number'),
  ),
  ...(error instanceof AppError && Object.keys(error.details).length > 0
    ? { details: safeValue('details', error.details, depth + 1) }
    : {}),
  stack: frames(error),
  ...(error.cause instanceof Error && depth < MAX_DEPTH ? { cause: safeError(error.cause, depth + 1) } : {}),
  ...(error instanceof AggregateError && depth < MAX_DEPTH
    ? { errors: error.errors.slice(0, 5).map((inner) => safeValue('err', inner, depth + 1)) }
    : {}),
});

const safeValue = (name: string, value: unknown, depth: number): unknown => {
  if (value === null || value === undefined || typeof value === 'boolean') return value;
  if (NEVER.test(name)) return '[redacted]';
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string') return isTextName(name) ? value.slice(0, MAX_TEXT) : '[redacted]';
  if (value instanceof Error) return safeError(value, depth);
  if (value instanceof Date) return isTextName(name) ? value.toISOString() : '[redacted]';
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (typeof value !== 'object' || depth >= MAX_DEPTH) return '[redacted]';
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => safeValue(name, item, depth + 1));
  if (value instanceof Set) return safeValue(name, [...value], depth);
  return safeFields(value, depth + 1);
};

/** A copy of an object that is safe to write to a log (see above). Never throws for odd input: cycles end at a depth. */
export const safeFields = (fields: object, depth = 0): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields)
      .slice(0, MAX_ITEMS)
      .map(([name, value]) => [name, safeValue(name, value, depth)]),
  );
