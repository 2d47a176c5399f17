import type { DicomJson } from '@archwire/dicom';
import { CommandField } from '../command-field.ts';
import { statusClass } from '../status-class.ts';
import { DimseFailure } from './dimse-failure.ts';
import { exchange } from './exchange.ts';
import type { Lease } from './lease.ts';

export interface FindRequestOptions {
  /** FIND SOP class: Patient Root, Study Root, Modality Worklist. */
  readonly sopClass: string;
  /** Keys with their values, text in Unicode; for Query/Retrieve with Query/Retrieve Level. */
  readonly identifier: DicomJson;
  /** Specific Character Set of the keys, with its backslashes; UTF-8 where they do not fit. */
  readonly characterSet?: string;
  /** Answers that are wanted at most; the peer is then told to stop. */
  readonly limit?: number;
}

/**
 * C-FIND (PS3.4 annexes C and K): each answer as it comes, text decoded from the character set of the answer. Whoever takes no more of
 * them, or has `limit`, ends the query by C-CANCEL.
 * @returns whether there were no more. @throws AssociationError; DimseFailure when the peer refuses or fails.
 */
export async function* find(
  lease: Lease,
  { sopClass, identifier, characterSet, limit = Infinity }: FindRequestOptions,
): AsyncGenerator<DicomJson, boolean, undefined> {
  let count = 0;
  const answers = exchange(lease, {
    commandField: CommandField.CFind,
    sopClass,
    elements: { Priority: 0 },
    dataSet: identifier,
    ...(characterSet === undefined ? {} : { characterSet }),
  });
  for await (const { command, dataSet } of answers) {
    const kind = statusClass(command.Status);
    if (kind === 'pending') {
      if (dataSet === null) continue;
      if (count === limit) return false;
      count++;
      yield dataSet;
    } else if (kind !== 'success' && kind !== 'warning')
      throw new DimseFailure(command.Status, command.ErrorComment);
    else return kind === 'success';
  }
  return false;
}
