import type { BulkDataUri } from '@archwire/archive';
import { instanceUrl } from './resource.ts';

/** From the root of the host: OHIF and dicomweb-client resolve it as RFC 3986 says, whichever metadata it came in. */
export const bulkDataUri: BulkDataUri = (instance, { path }) => `${instanceUrl(instance)}/bulkdata/${path}`;
