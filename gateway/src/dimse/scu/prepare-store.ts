import type { ProposedContext } from '../associate-request.ts';
import { storedDataSet } from '../stored-data-set.ts';
import { chooseStoreContext, type ChosenContext } from './choose-store-context.ts';
import type { SendableInstance, Transcode } from './sendable-instance.ts';
import type { StoreFailure } from './store-result.ts';

/** The bytes of an instance for one association, or why there are none. */
export type PreparedStore =
  | {
      readonly context: ChosenContext;
      /** Read once. */
      readonly chunks: AsyncGenerator<Buffer, void, undefined>;
    }
  | { readonly failure: StoreFailure };

async function* resumed(
  first: IteratorResult<Buffer, void>,
  rest: AsyncGenerator<Buffer, void, undefined>,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    for (let next = first; next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return();
  }
}

/** Chooses a context for an instance and reads its first bytes, so that what cannot be sent is known before its command is. */
export const prepareStore = async (
  instance: SendableInstance,
  association: {
    readonly proposed: readonly ProposedContext[];
    readonly accepted: ReadonlyMap<number, string>;
  },
  transcode: Transcode,
): Promise<PreparedStore> => {
  const context = chooseStoreContext(instance, association.proposed, association.accepted);
  if (context === null) return { failure: { at: 'no-context' } };
  const isAsStored = context.transferSyntaxUid === instance.TransferSyntaxUID;
  try {
    const stored = await instance.open();
    const chunks = isAsStored ? storedDataSet(stored) : transcode(stored, context.transferSyntaxUid);
    return { context, chunks: resumed(await chunks.next(), chunks) };
  } catch (error) {
    return { failure: { at: isAsStored ? 'unreadable' : 'transcode', error } };
  }
};
