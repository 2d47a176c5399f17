import { UNRECOGNIZED_OPERATION } from '../dimse-status.ts';
import type { ServePeer } from './serve-peer.ts';

/** For associations on which nothing is expected of the peer but answers: its data set is read and dropped. */
export const refuseRequest: ServePeer = () => ({
  write: () => true,
  drained: async () => {},
  finish: async () => ({ status: UNRECOGNIZED_OPERATION }),
  abort: () => {},
});
