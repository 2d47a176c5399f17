import { AppError } from '@archwire/contracts';
import type { DimseAnswer } from '../dimse-service.ts';

/** Error ID of a step that has ended (PS3.4 section F.7.2.2.3). */
const MAY_NO_LONGER_BE_UPDATED = 0xa710;

const INVALID: ReadonlyMap<unknown, number> = new Map([
  ['missing-attribute', 0x0120],
  ['missing-value', 0x0121],
  ['invalid-value', 0x0106],
]);

const commentOf = (message: string): string => message.replaceAll(/[^\x20-\x5b\x5d-\x7e]/g, '?').slice(0, 64);

/** The answer for anything thrown while a performed step was made or changed (PS3.7 section 10.1.5 and annex C). */
export const mppsFailure = (error: unknown): Pick<DimseAnswer, 'status' | 'elements'> => {
  if (!(error instanceof AppError))
    return { status: { code: 0x0110, comment: 'Server trouble. Send again; if it stays, read its log.' } };
  const comment = commentOf(error.message);
  const { reason } = error.details;
  if (error.kind === 'conflict' && reason === 'duplicate') return { status: { code: 0x0111, comment } };
  if (error.kind === 'conflict' && reason === 'ended')
    return {
      status: { code: 0x0110, comment: 'Performed Procedure Step Object may no longer be updated' },
      elements: { ErrorID: MAY_NO_LONGER_BE_UPDATED },
    };
  if (error.kind === 'not-found') return { status: { code: 0x0112, comment } };
  if (error.kind === 'invalid') return { status: { code: INVALID.get(reason) ?? 0x0110, comment } };
  return { status: { code: 0x0110, comment } };
};
