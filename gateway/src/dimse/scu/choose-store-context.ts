import type { ProposedContext } from '../associate-request.ts';
import type { StorableKind } from './plan-store-contexts.ts';

export interface ChosenContext {
  readonly id: number;
  /** As negotiated; the data set has to be written in it. */
  readonly transferSyntaxUid: string;
}

/** Explicit first: an object written in it loses no VR. */
const UNCOMPRESSED: readonly string[] = ['1.2.840.10008.1.2.1', '1.2.840.10008.1.2'];

/** The context for an instance: the one of its own syntax, else one that it can be rewritten to; `null`: the peer takes none. */
export const chooseStoreContext = (
  { SOPClassUID, TransferSyntaxUID }: StorableKind,
  proposed: readonly ProposedContext[],
  accepted: ReadonlyMap<number, string>,
): ChosenContext | null => {
  const ofClass = proposed
    .filter(({ abstractSyntax }) => abstractSyntax === SOPClassUID)
    .flatMap(({ id }) => {
      const transferSyntaxUid = accepted.get(id);
      return transferSyntaxUid === undefined ? [] : [{ id, transferSyntaxUid }];
    });
  for (const wanted of [TransferSyntaxUID, ...UNCOMPRESSED]) {
    const found = ofClass.find(({ transferSyntaxUid }) => transferSyntaxUid === wanted);
    if (found) return found;
  }
  return null;
};
