import { AppError } from '@archwire/contracts/app-error';
import type { OracleAnswers } from './ask-oracles.ts';
import { digestOf, pixelValues } from './decode-object.ts';
import { headOf } from './head-of.ts';

/** How one object decodes, against its oracles. */
export interface MeasuredObject {
  readonly name: string;
  readonly transferSyntaxUid: string;
  readonly photometricInterpretation: string;
  readonly samplesPerPixel: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly signed: boolean;
  readonly floating: boolean;
  /** `exact`, `±n` by the largest difference, `no oracle`, or the kind of refusal. */
  readonly result: string;
  /** Those that say the same, or that were compared with. */
  readonly oracles: readonly string[];
}

/** Compares our stored values with the answers; `undefined` for an object without Pixel Data, or one that the reader refuses. */
export async function measureObject(
  name: string,
  bytes: Buffer,
  answers: OracleAnswers,
  difference: (oracle: string, ours: Buffer) => string,
): Promise<MeasuredObject | undefined> {
  const head = (() => {
    try {
      return headOf(bytes);
    } catch {
      return undefined;
    }
  })();
  if (head === undefined || head.pixelData === null) return undefined;
  const { dataSet } = head;
  const number = (tag: string, fallback: number) => dataSet.uint16(tag) ?? fallback;
  const bitsAllocated = number('x00280100', 0);
  const shape = {
    name,
    transferSyntaxUid: head.header.TransferSyntaxUID,
    photometricInterpretation: dataSet.string('x00280004') ?? 'absent',
    samplesPerPixel: number('x00280002', 1),
    bitsAllocated,
    bitsStored: number('x00280101', bitsAllocated),
    signed: number('x00280103', 0) === 1,
    floating: head.pixelData.tag !== 0x7fe00010,
  };
  const ours = await pixelValues(bytes).catch((error: unknown) => {
    if (error instanceof AppError) return error.kind;
    throw error;
  });
  if (ours === undefined) return undefined;
  if (typeof ours === 'string') return { ...shape, result: `refused: ${ours}`, oracles: [] };
  const digest = digestOf(ours);
  const equal = [...answers].filter(([, theirs]) => theirs === digest).map(([oracle]) => oracle);
  if (equal.length > 0) return { ...shape, result: 'exact', oracles: equal.toSorted() };
  const [other] = [...answers.keys()];
  if (other === undefined) return { ...shape, result: 'no oracle', oracles: [] };
  return { ...shape, result: difference(other, ours), oracles: [other] };
}
