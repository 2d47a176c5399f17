import { AppError } from '@archwire/contracts';
import { ExportLeftOut } from '@archwire/contracts/api/exports';

/**
 * Why an object that cannot be exported is left out; `undefined` for what may heal by itself (a store that does not answer),
 * which is a reason to try the whole export again.
 */
export const leftOutReason = (error: unknown): ExportLeftOut | undefined => {
  if (!(error instanceof AppError)) return undefined;
  const said = ExportLeftOut.safeParse(error.details['reason']);
  if (said.success) return said.data;
  switch (error.kind) {
    case 'unsupported':
    case 'too-large':
      return 'unsupported';
    case 'invalid':
    case 'not-found':
    case 'range-not-satisfiable':
    case 'internal':
      return 'damaged';
    default:
      return undefined;
  }
};

/** Thrown where an object has no place in an export. */
export const leaveOut = (reason: ExportLeftOut): AppError =>
  new AppError('unsupported', 'This object is no part of the export.', { details: { reason } });
