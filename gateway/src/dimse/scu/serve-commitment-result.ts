import type { CommitmentResult } from '@archwire/archive';
import { CommandField } from '../command-field.ts';
import { statusOfError, SUCCESS } from '../dimse-status.ts';
import { readCommitmentResult } from './read-commitment-result.ts';
import { refuseRequest } from './refuse-request.ts';
import type { ServePeer } from './serve-peer.ts';

/** Of 65,535 references at most 10 MB. */
const MAX_LENGTH = 16_777_216;

/** Takes an N-EVENT-REPORT of storage commitment on the association on which it was asked for. */
export const serveCommitmentResult =
  (record: (result: CommitmentResult) => Promise<void>): ServePeer =>
  (command, transferSyntaxUid) => {
    if (command.CommandField !== CommandField.NEventReport) return refuseRequest(command, transferSyntaxUid);
    const parts: Buffer[] = [];
    let length = 0;
    return {
      write: (bytes) => {
        length += bytes.length;
        // A view would keep the whole packet of the socket.
        if (length <= MAX_LENGTH) parts.push(Buffer.from(bytes));
        return true;
      },
      drained: async () => {},
      finish: async () => {
        try {
          await record(readCommitmentResult(Buffer.concat(parts), transferSyntaxUid));
          return { status: SUCCESS };
        } catch (error) {
          return { status: statusOfError(error) };
        }
      },
      abort: () => {},
    };
  };
