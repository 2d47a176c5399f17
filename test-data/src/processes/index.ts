export { endProcess } from './end-process.ts';
export { freePort } from './free-port.ts';
export type { Peer } from './peer.ts';
export { ADMINISTRATOR, startArchwire, type Archwire, type ArchwireOptions } from './start-archwire.ts';
export { startOrthanc } from './start-orthanc.ts';
export { temporaryFolder } from './temporary-folder.ts';
export { waitFor } from './wait-for.ts';
