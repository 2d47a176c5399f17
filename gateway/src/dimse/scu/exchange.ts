import { readIdentifier, writeDataSet, type DicomJson } from '@archwire/dicom';
import { writeCancel, writeRequest, type CommandElements, type ReceivedCommand } from '../command-codec.ts';
import { RESPONSE } from '../command-field.ts';
import { MESSAGE_HEAD_ROOM, frameMessage } from '../frame-message.ts';
import { statusClass } from '../status-class.ts';
import { AssociationError } from './association-error.ts';
import { DimseFailure } from './dimse-failure.ts';
import type { Lease } from './lease.ts';

export interface ExchangeRequest {
  readonly commandField: number;
  readonly sopClass: string;
  /** Further elements of the command set. */
  readonly elements?: CommandElements;
  readonly dataSet: DicomJson | null;
  /** For the texts of the data set; UTF-8 when they do not fit. */
  readonly characterSet?: string;
}

/** One response. */
export interface ExchangeAnswer {
  readonly command: ReceivedCommand;
  /** Decoded to Unicode; `null` without a data set. */
  readonly dataSet: DicomJson | null;
}

const ROOM = Buffer.alloc(MESSAGE_HEAD_ROOM);

/** The context of a service. @throws DimseFailure without status when the peer accepted none. */
const contextOf = (
  { association, proposed }: Lease,
  sopClass: string,
): { readonly id: number; readonly transferSyntaxUid: string } => {
  for (const { id, abstractSyntax } of proposed) {
    const transferSyntaxUid = association.peer.accepted.get(id);
    if (abstractSyntax === sopClass && transferSyntaxUid !== undefined) return { id, transferSyntaxUid };
  }
  throw new DimseFailure(null);
};

/**
 * One request and its responses, the pending ones and the last one (PS3.7 chapters 9 and 10). Whoever stops asking for them ends
 * the request by C-CANCEL; what the peer says until it has heard of it is passed over, and the association stays good.
 * @throws AssociationError; DimseFailure without status when the peer does not offer the service.
 */
export async function* exchange(
  lease: Lease,
  request: ExchangeRequest,
): AsyncGenerator<ExchangeAnswer, void, undefined> {
  const { association } = lease;
  const context = contextOf(lease, request.sopClass);
  const { maxPduLength } = association.peer;
  const MessageID = association.nextMessageId();
  const { dataSet } = request;
  const command = writeRequest(
    {
      CommandField: request.commandField,
      MessageID,
      ...(request.elements?.RequestedSOPClassUID === undefined
        ? { AffectedSOPClassUID: request.sopClass }
        : {}),
      ...request.elements,
      hasDataSet: dataSet !== null,
    },
    MESSAGE_HEAD_ROOM,
  );
  const identifier =
    dataSet === null ? null : writeDataSet(dataSet, context.transferSyntaxUid, request.characterSet ?? '');
  await association.send(
    Buffer.concat([
      frameMessage(command, context.id, maxPduLength),
      ...(identifier === null
        ? []
        : [frameMessage(Buffer.concat([ROOM, identifier]), context.id, maxPduLength, 'data-set')]),
    ]),
  );

  const answer = async (): Promise<ExchangeAnswer> => {
    const message = await association.receive();
    const { CommandField, MessageIDBeingRespondedTo } = message.command;
    if (CommandField !== (request.commandField | RESPONSE) || MessageIDBeingRespondedTo !== MessageID) {
      association.abort();
      throw new AssociationError({ at: 'protocol' });
    }
    return {
      command: message.command,
      dataSet:
        message.dataSet === null ? null : readIdentifier(message.dataSet, context.transferSyntaxUid).dataSet,
    };
  };
  let isOver = false;
  try {
    while (!isOver) {
      const next = await answer();
      isOver = statusClass(next.command.Status) !== 'pending';
      yield next;
    }
  } catch (error) {
    // Nobody knows any more what the peer would say next.
    isOver = true;
    association.abort();
    throw error;
  } finally {
    if (!isOver) await cancel(lease, context.id, MessageID);
  }
}

/** Ends a request and hears the peer out. */
const cancel = async ({ association }: Lease, contextId: number, messageId: number): Promise<void> => {
  try {
    const { maxPduLength } = association.peer;
    await association.send(frameMessage(writeCancel(messageId, MESSAGE_HEAD_ROOM), contextId, maxPduLength));
    while (statusClass((await association.receive()).command.Status) === 'pending');
  } catch (error) {
    if (!(error instanceof AssociationError)) throw error;
    association.abort();
  }
};
