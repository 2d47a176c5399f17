import { createApiClient } from '@archwire/contracts/api';
import { send } from './send.ts';

/** The client for doors that need no credentials. */
export const openClient = createApiClient(send);
