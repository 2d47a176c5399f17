import type { Ingest } from '@archwire/archive';
import { isUidLenient, type IngestSource } from '@archwire/contracts';
import { CommandField } from '../command-field.ts';
import { INVALID_SOP_INSTANCE } from '../dimse-status.ts';
import { StoreOperation } from '../store-operation.ts';
import { refuseRequest } from './refuse-request.ts';
import type { ServePeer } from './serve-peer.ts';

/** Takes the C-STORE sub-operations of a C-GET through the one door for image bytes, as the listener does. */
export const receiveInto =
  (ingest: Ingest, source: Omit<IngestSource, 'receivedAt'>): ServePeer =>
  (command, transferSyntaxUid) => {
    const { CommandField: field, SOPClassUID, SOPInstanceUID } = command;
    if (field !== CommandField.CStore) return refuseRequest(command, transferSyntaxUid);
    return new StoreOperation(
      ingest,
      { ...source, receivedAt: new Date().toISOString() },
      { SOPClassUID, SOPInstanceUID, TransferSyntaxUID: transferSyntaxUid },
      isUidLenient(SOPInstanceUID) ? null : INVALID_SOP_INSTANCE,
    );
  };
