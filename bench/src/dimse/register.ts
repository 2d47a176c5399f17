import type { Archwire, Peer } from '@archwire/test-data/processes';

/** Both know who asks (BENCH) and where C-MOVE may send (STORESCP). */
export const REQUESTER = 'BENCH';
export const DESTINATION = 'STORESCP';

const SERVICES = ['store', 'query', 'retrieve'];

/** Registers the requester and the destination with Archwire, as devices of this machine. */
export const registerWithArchwire = async (archwire: Archwire, destination: Peer): Promise<void> => {
  const host = '127.0.0.1';
  for (const device of [
    { name: 'Requester', aeTitle: REQUESTER, address: host, services: SERVICES },
    { name: 'Destination', aeTitle: DESTINATION, host, port: destination.dimsePort },
  ]) {
    const answer = await archwire.fetch('/api/v1/devices', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(device),
    });
    if (!answer.ok) throw new Error(`A device was not registered: ${answer.status} ${await answer.text()}`);
  }
};

/** The same with Orthanc. */
export const registerWithOrthanc = async (
  orthanc: { readonly url: string },
  destination: Peer,
): Promise<void> => {
  for (const [name, AET, Port] of [
    ['bench', REQUESTER, 104],
    ['destination', DESTINATION, destination.dimsePort],
  ]) {
    const answer = await fetch(`${orthanc.url}/modalities/${String(name)}`, {
      method: 'PUT',
      body: JSON.stringify({ AET, Host: '127.0.0.1', Port, AllowGet: true, AllowMove: true }),
    });
    if (!answer.ok) throw new Error(`Orthanc did not take a modality: ${answer.status}`);
  }
};
