import type { DicomJson } from '@archwire/dicom';
import { CommandField } from '../command-field.ts';
import { exchange } from './exchange.ts';
import type { Lease } from './lease.ts';
import { retrieveProgress, type RetrieveProgress } from './retrieve-progress.ts';

/**
 * C-MOVE (PS3.4 C.4.2): asks the peer to send to `destination`, an AE title that it knows; each response is a progress, the last
 * one has a status. Whoever takes no more of them ends it by C-CANCEL.
 * @throws AssociationError; DimseFailure when the peer refuses (A801: it does not know the destination) or fails.
 */
export async function* move(
  lease: Lease,
  request: {
    /** MOVE SOP class of Patient Root or Study Root. */
    readonly sopClass: string;
    /** Query/Retrieve Level and the unique keys. */
    readonly identifier: DicomJson;
    readonly destination: string;
  },
): AsyncGenerator<RetrieveProgress, void, undefined> {
  const { sopClass, identifier, destination } = request;
  const answers = exchange(lease, {
    commandField: CommandField.CMove,
    sopClass,
    elements: { MoveDestination: destination, Priority: 0 },
    dataSet: identifier,
  });
  for await (const answer of answers) yield retrieveProgress(answer);
}
