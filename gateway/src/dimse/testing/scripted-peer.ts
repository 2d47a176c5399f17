import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { createAssociationPdus } from '../association-pdus.ts';
import { readAssociateRequest, type AssociateRequest, type ProposedContext } from '../associate-request.ts';
import { CommandAssembler } from '../command-assembler.ts';
import {
  writeRequest,
  writeResponse,
  type ReceivedCommand,
  type RequestCommand,
  type ResponseCommand,
} from '../command-codec.ts';
import { RESPONSE } from '../command-field.ts';
import { MESSAGE_HEAD_ROOM, frameMessage } from '../frame-message.ts';
import type { NegotiatedContext } from '../negotiate-contexts.ts';
import { PduReader } from '../pdu-reader.ts';
import { PduType } from '../pdu.ts';

export interface PeerMessage {
  readonly contextId: number;
  readonly command: ReceivedCommand;
  readonly dataSet: Buffer;
}

/** What a script can do in answer to a message. */
export interface PeerHand {
  readonly socket: Socket;
  /** Counts from 1 on each association. */
  readonly messageNumber: number;
  /** The response to `message`, changed as the script likes. */
  respond(message: PeerMessage, change?: Partial<ResponseCommand>, dataSet?: Buffer): void;
  request(contextId: number, command: RequestCommand, dataSet?: Buffer): void;
  abort(): void;
}

export interface PeerScript {
  /** Accepts everything in the first transfer syntax when absent. */
  readonly answer?: (context: ProposedContext, request: AssociateRequest) => Partial<NegotiatedContext>;
  readonly onAssociate?: (socket: Socket) => 'accept' | 'handled';
  /** Sees every piece of a data set as it comes. */
  readonly onData?: (bytes: Buffer, hand: PeerHand) => void;
  readonly onMessage?: (message: PeerMessage, hand: PeerHand) => void;
  /** Answers A-RELEASE-RQ when absent. */
  readonly onRelease?: (socket: Socket) => void;
  readonly maxPduLength?: number;
  readonly tls?: TlsOptions;
}

export interface ScriptedPeer {
  readonly port: number;
  /** One for each connection. */
  readonly requests: readonly AssociateRequest[];
  readonly open: () => number;
  readonly messages: readonly PeerMessage[];
  /** PDU types in the order they came. */
  readonly pdus: readonly number[];
  close(): Promise<void>;
}

/** A DICOM server that does byte for byte what its script says; what the script does not say it does as it should. */
export const scriptedPeer = async (script: PeerScript = {}): Promise<ScriptedPeer> => {
  const maxPduLength = script.maxPduLength ?? 16_384;
  const pdus = createAssociationPdus({ maxPduLength });
  const sockets = new Set<Socket>();
  const requests: AssociateRequest[] = [];
  const messages: PeerMessage[] = [];
  const types: number[] = [];

  const serve = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    const commands = new CommandAssembler(65_536);
    let open: { contextId: number; command: ReceivedCommand } | null = null;
    let parts: Buffer[] = [];
    let messageNumber = 0;
    let peerMaxPduLength = 0;
    const write = (bytes: Buffer, contextId: number, kind: 'command' | 'data-set'): void => {
      socket.write(
        frameMessage(
          kind === 'command' ? bytes : Buffer.concat([Buffer.alloc(MESSAGE_HEAD_ROOM), bytes]),
          contextId,
          peerMaxPduLength,
          kind,
        ),
      );
    };
    const hand: PeerHand = {
      socket,
      get messageNumber() {
        return messageNumber;
      },
      respond: ({ contextId, command }, change = {}, dataSet) => {
        write(
          writeResponse(
            {
              CommandField: command.CommandField | RESPONSE,
              MessageIDBeingRespondedTo: command.MessageID,
              Status: 0,
              AffectedSOPClassUID: command.SOPClassUID,
              AffectedSOPInstanceUID: command.SOPInstanceUID,
              ...(dataSet === undefined ? {} : { hasDataSet: true }),
              ...change,
            },
            MESSAGE_HEAD_ROOM,
          ),
          contextId,
          'command',
        );
        if (dataSet !== undefined) write(dataSet, contextId, 'data-set');
      },
      request: (contextId, command, dataSet) => {
        const whole = dataSet === undefined ? command : { ...command, hasDataSet: true };
        write(writeRequest(whole, MESSAGE_HEAD_ROOM), contextId, 'command');
        if (dataSet !== undefined) write(dataSet, contextId, 'data-set');
      },
      abort: () => void socket.end(pdus.abort(0, 0)),
    };
    const finish = (message: PeerMessage): void => {
      messages.push(message);
      messageNumber++;
      if (script.onMessage) script.onMessage(message, hand);
      else if (message.command.CommandField < RESPONSE) hand.respond(message);
    };
    const reader = new PduReader(
      {
        expects: (type) => {
          types.push(type);
          return undefined;
        },
        control: (type, body) => {
          if (type === PduType.AssociateRequest) {
            const request = readAssociateRequest(body);
            if ('source' in request) {
              socket.destroy();
              return;
            }
            requests.push(request);
            peerMaxPduLength = request.maxPduLength;
            if (script.onAssociate?.(socket) !== 'handled')
              socket.write(
                pdus.accept(
                  request,
                  request.contexts.map((context) => ({
                    id: context.id,
                    abstractSyntax: context.abstractSyntax,
                    result: 0,
                    transferSyntax: context.transferSyntaxes[0] ?? '',
                    ...script.answer?.(context, request),
                  })),
                ),
              );
          } else if (type === PduType.ReleaseRequest) {
            if (script.onRelease) script.onRelease(socket);
            else socket.end(pdus.releaseResponse());
          } else socket.end();
        },
        fragment: (contextId, isCommand, bytes, last) => {
          if (isCommand) {
            const command = commands.add(contextId, bytes, last);
            if (command === 'more') return;
            if (command === 'broken') return void socket.destroy();
            if (!command.hasDataSet) return finish({ contextId, command, dataSet: Buffer.alloc(0) });
            open = { contextId, command };
            parts = [];
            return;
          }
          parts.push(Buffer.from(bytes));
          script.onData?.(bytes, hand);
          if (last && open !== null) {
            const message = { ...open, dataSet: Buffer.concat(parts) };
            open = null;
            finish(message);
          }
        },
        fault: () => void socket.destroy(),
      },
      { maxPduLength: maxPduLength || 1_048_576, maxControlPduLength: 1_048_576 },
    );
    socket.on('data', (chunk: Buffer) => reader.push(chunk));
  };

  const server = script.tls ? createTlsServer(script.tls, serve) : createServer(serve);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    requests,
    messages,
    pdus: types,
    open: () => sockets.size,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
