import type { ProposedContext } from '../associate-request.ts';
import { writeRequest } from '../command-codec.ts';
import { CommandField, RESPONSE } from '../command-field.ts';
import { MESSAGE_HEAD_ROOM, frameMessage } from '../frame-message.ts';
import { statusClass } from '../status-class.ts';
import { streamDataSet } from '../stream-data-set.ts';
import { AssociationError, type AssociationFailure } from './association-error.ts';
import type { Lease } from './lease.ts';
import { planStoreContexts } from './plan-store-contexts.ts';
import { prepareStore, type PreparedStore } from './prepare-store.ts';
import type { SendableInstance, Transcode } from './sendable-instance.ts';
import type { StoreResult } from './store-result.ts';

/** Who asked for the C-MOVE that an instance is sent for (PS3.7 section 9.3.1.1). */
export interface MoveOriginator {
  readonly aeTitle: string;
  readonly messageId: number;
}

export interface StoreOptions {
  /** @throws AssociationError */
  readonly lease: (contexts: readonly ProposedContext[]) => Promise<Lease>;
  readonly transcode: Transcode;
  readonly moveOriginator?: MoveOriginator;
}

export interface SentInstance {
  readonly instance: SendableInstance;
  readonly result: StoreResult;
}

const MEDIUM = 0x0000;
const nothing = async (): Promise<null> => null;

/** Ours: the bytes could not be read to their end, so the message is cut short. */
class SourceError extends Error {}

async function* markFaults(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* chunks;
  } catch (cause) {
    throw new SourceError('The instance could not be read to its end.', { cause });
  }
}

/** @throws AssociationError, SourceError: after either the association is good for nothing. */
const sendOne = async (
  { association }: Lease,
  instance: SendableInstance,
  { context, chunks }: Extract<PreparedStore, { readonly context: unknown }>,
  moveOriginator: MoveOriginator | undefined,
): Promise<StoreResult> => {
  const MessageID = association.nextMessageId();
  const peerMaxPduLength = association.peer.maxPduLength;
  const command = writeRequest(
    {
      CommandField: CommandField.CStore,
      MessageID,
      AffectedSOPClassUID: instance.SOPClassUID,
      AffectedSOPInstanceUID: instance.SOPInstanceUID,
      Priority: MEDIUM,
      hasDataSet: true,
      ...(moveOriginator === undefined
        ? {}
        : {
            MoveOriginatorApplicationEntityTitle: moveOriginator.aeTitle,
            MoveOriginatorMessageID: moveOriginator.messageId,
          }),
    },
    MESSAGE_HEAD_ROOM,
  );
  await streamDataSet(markFaults(chunks), {
    contextId: context.id,
    peerMaxPduLength,
    command: frameMessage(command, context.id, peerMaxPduLength),
    send: async (bytes) => await association.send(bytes),
  });
  const {
    Status,
    MessageIDBeingRespondedTo,
    ErrorComment,
    CommandField: field,
  } = (await association.receive()).command;
  if (field !== (CommandField.CStore | RESPONSE) || MessageIDBeingRespondedTo !== MessageID) {
    association.abort();
    throw new AssociationError({ at: 'protocol' });
  }
  const kind = statusClass(Status);
  return kind === 'success' || kind === 'warning'
    ? {
        outcome: kind === 'success' ? 'stored' : 'warning',
        status: Status ?? 0,
        comment: ErrorComment,
        transferSyntaxUid: context.transferSyntaxUid,
      }
    : { outcome: 'failed', failure: { at: 'refused', status: Status ?? 0x0110, comment: ErrorComment } };
};

const drop = async (prepared: Promise<PreparedStore | null>): Promise<void> => {
  const kept = await prepared;
  if (kept !== null && 'chunks' in kept) await kept.chunks.return();
};

/**
 * Sends over one association what it can. Ends early when a message was cut short by our own side: the rest can go over
 * another association. While one instance is on the wire the next one is read.
 * @throws AssociationError when the peer ended it; the instance at hand has then no result.
 */
async function* sendOver(
  lease: Lease,
  instances: readonly SendableInstance[],
  { transcode, moveOriginator }: StoreOptions,
): AsyncGenerator<SentInstance, void, undefined> {
  const { association, proposed } = lease;
  const prepare = async (instance: SendableInstance): Promise<PreparedStore> =>
    await prepareStore(instance, { proposed, accepted: association.peer.accepted }, transcode);
  let next: Promise<PreparedStore | null> = nothing();
  try {
    for (const [at, instance] of instances.entries()) {
      const prepared = (await next) ?? (await prepare(instance));
      const following = instances[at + 1];
      next = following === undefined ? nothing() : prepare(following);
      if ('failure' in prepared) {
        yield { instance, result: { outcome: 'failed', failure: prepared.failure } };
        continue;
      }
      try {
        yield { instance, result: await sendOne(lease, instance, prepared, moveOriginator) };
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        association.abort();
        yield { instance, result: { outcome: 'failed', failure: { at: 'unreadable', error: error.cause } } };
        return;
      }
    }
  } finally {
    await drop(next);
  }
}

/** The peer may have closed an association that lay idle: that says nothing about the instance. */
const isStale = ({ isReused }: Lease, { at }: AssociationFailure): boolean =>
  isReused && (at === 'closed' || at === 'aborted');

/**
 * C-STORE (PS3.4 annex B) of any number of instances, in their order, each streamed from where it is stored, rewritten only when
 * the peer does not take it as it is. Never throws for what the peer or the network does: every instance has its result.
 * Whoever stops asking for results stops the sending between two instances.
 */
export async function* storeInstances(
  instances: readonly SendableInstance[],
  options: StoreOptions,
): AsyncGenerator<SentInstance, void, undefined> {
  for (const { sopClasses, contexts } of planStoreContexts(instances)) {
    let rest = instances.filter(({ SOPClassUID }) => sopClasses.has(SOPClassUID));
    while (rest.length > 0) {
      let lease: Lease | null = null;
      let sent = 0;
      let failure: AssociationFailure | null = null;
      try {
        lease = await options.lease(contexts);
        for await (const result of sendOver(lease, rest, options)) {
          sent++;
          yield result;
        }
      } catch (error) {
        if (!(error instanceof AssociationError)) throw error;
        ({ failure } = error);
      } finally {
        await lease?.done();
      }
      rest = rest.slice(sent);
      if (failure === null || (lease !== null && sent === 0 && isStale(lease, failure))) continue;
      for (const instance of rest) yield { instance, result: { outcome: 'failed', failure } };
      break;
    }
  }
}
