import type { AuditEntryView } from './audit-presenter.ts';

const COLUMNS = [
  'seq',
  'at',
  'actorKind',
  'actorId',
  'actorName',
  'action',
  'outcome',
  'entity',
  'entityId',
  'entityName',
  'patientId',
  'patientName',
  'studyUid',
  'reason',
  'address',
  'userAgent',
  'requestId',
] as const;

/** A spreadsheet takes a cell that begins so for a formula and runs it. */
const FORMULA = /^[=+\-@\t\r]/;

const cell = (value: string | number | null): string => {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** RFC 4180; the byte order mark is what makes spreadsheets read UTF-8. */
export const AUDIT_CSV_HEAD = `\u{feff}${COLUMNS.join(',')}\r\n`;

export const auditCsvLine = (entry: AuditEntryView): string =>
  `${COLUMNS.map((column) => cell(entry[column])).join(',')}\r\n`;
