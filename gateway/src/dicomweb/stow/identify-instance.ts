import { readInstanceHead } from '@archwire/dicom';
import type { Identity } from './store-part.ts';

/** Which instance the head of a Part 10 file is; `undefined` when it does not say (yet). */
export const identifyInstance = (head: Buffer): Identity | undefined => {
  try {
    return readInstanceHead(head).header;
  } catch {
    return undefined;
  }
};
