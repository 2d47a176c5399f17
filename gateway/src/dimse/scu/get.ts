import type { DicomJson } from '@archwire/dicom';
import { CommandField } from '../command-field.ts';
import { exchange } from './exchange.ts';
import type { Lease } from './lease.ts';
import { retrieveProgress, type RetrieveProgress } from './retrieve-progress.ts';

/**
 * C-GET (PS3.4 C.4.3): the peer sends on the same association, which must have been opened with storage contexts, the SCP role
 * for them (`getContexts`) and a `serve` that takes C-STORE (`receiveInto`). Each response is a progress, the last one has a
 * status. Whoever takes no more of them ends it by C-CANCEL.
 * @throws AssociationError; DimseFailure when the peer refuses or fails.
 */
export async function* get(
  lease: Lease,
  request: {
    /** GET SOP class of Patient Root or Study Root. */
    readonly sopClass: string;
    /** Query/Retrieve Level and the unique keys. */
    readonly identifier: DicomJson;
  },
): AsyncGenerator<RetrieveProgress, void, undefined> {
  const answers = exchange(lease, {
    commandField: CommandField.CGet,
    sopClass: request.sopClass,
    elements: { Priority: 0 },
    dataSet: request.identifier,
  });
  for await (const answer of answers) yield retrieveProgress(answer);
}
