import { AppError } from '@archwire/contracts';

/** Why bytes cannot be understood; stands in `details.reason` of every `invalid` error of this package. */
export type InvalidReason =
  | 'not-dicom'
  | 'truncated'
  | 'missing-attribute'
  | 'bad-uid'
  | 'transfer-syntax'
  | 'structure'
  | 'inflate'
  | 'inflate-limit';

/** The one error of reading. The message names no value of the object, so it holds no patient data. */
export const invalidDicom = (
  reason: InvalidReason,
  message: string,
  details: Readonly<Record<string, string | number>> = {},
  cause?: unknown,
): AppError =>
  new AppError('invalid', message, {
    details: { reason, ...details },
    ...(cause === undefined ? {} : { cause }),
  });
