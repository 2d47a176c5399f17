import { type DataSet, textOf } from './dicom-json.ts';

/** Transfer syntaxes whose pixels cannot all come back (PS3.5 section 10, PS3.6 table A-1); those that may be either are not here. */
const LOSSY: ReadonlySet<string> = new Set([
  '1.2.840.10008.1.2.4.50',
  '1.2.840.10008.1.2.4.51',
  '1.2.840.10008.1.2.4.81',
  '1.2.840.10008.1.2.4.111',
]);

/** Whether detail may be missing: by its transfer syntax, or because it says so itself (Lossy Image Compression). */
export const isLossy = (transferSyntaxUid: string, set: DataSet | undefined): boolean =>
  LOSSY.has(transferSyntaxUid) || (set !== undefined && textOf(set, '00282110') === '01');
