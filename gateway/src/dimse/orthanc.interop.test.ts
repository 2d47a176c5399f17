// Real: Orthanc as C-STORE SCU, told over its REST API to send to the listener.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateFile, SECONDARY_CAPTURE } from './testing/generate-file.ts';
import { freePort, startPeer, type PeerProcess } from './testing/peer-process.ts';
import { HOME, startListener, type TestListener } from './testing/start-listener.ts';

let folder: string;
let listener: TestListener;
let orthanc: PeerProcess;
let base: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'archwire-orthanc-'));
  listener = await startListener();
  const [httpPort, dicomPort] = [await freePort(), await freePort()];
  base = `http://127.0.0.1:${httpPort}`;
  const configuration = path.join(folder, 'orthanc.json');
  await writeFile(
    configuration,
    JSON.stringify({
      Name: 'Peer',
      StorageDirectory: folder,
      IndexDirectory: folder,
      HttpPort: httpPort,
      DicomPort: dicomPort,
      DicomAet: 'ORTHANC',
      RemoteAccessAllowed: false,
      AuthenticationEnabled: false,
      // A kept connection that Orthanc closes just as it is used again is a reset.
      KeepAlive: false,
      Plugins: [],
      DicomModalities: { archwire: ['ARCHWIRE', '127.0.0.1', listener.port] },
    }),
  );
  orthanc = await startPeer('Orthanc', [configuration], [httpPort, dicomPort]);
});
afterAll(async () => {
  await orthanc.stop();
  await listener.stop();
  await rm(folder, { recursive: true, force: true });
});

const post = async (route: string, body: string | Uint8Array<ArrayBuffer>): Promise<unknown> => {
  const answer = await fetch(base + route, { method: 'POST', body });
  if (!answer.ok) throw new Error(`${route}: ${answer.status} ${await answer.text()}`);
  return answer.json();
};

test('Orthanc echoes and stores, several objects in one association', async () => {
  const uids = ['2.25.501', '2.25.502', '2.25.503'];
  const ids: unknown[] = [];
  for (const uid of uids) {
    const uploaded = await post('/instances', new Uint8Array(generateFile(uid, 300).file));
    ids.push(uploaded && typeof uploaded === 'object' && 'ID' in uploaded ? uploaded.ID : null);
  }
  expect(await post('/modalities/archwire/echo', '{}')).toEqual({});
  expect(await post('/modalities/archwire/store', JSON.stringify(ids))).toMatchObject({
    FailedInstancesCount: 0,
    InstancesCount: 3,
    RemoteAet: 'ARCHWIRE',
  });
  expect(
    listener.ingest.kept.map(({ source, command, length }) => ({
      source,
      command,
      whole: length > 300 * 1024,
    })),
  ).toEqual(
    uids.map((SOPInstanceUID) => ({
      source: {
        ...HOME,
        via: 'dimse',
        callingAe: 'ORTHANC',
        calledAe: 'ARCHWIRE',
        address: '127.0.0.1',
        receivedAt: expect.any(String),
      },
      command: {
        SOPClassUID: SECONDARY_CAPTURE,
        SOPInstanceUID,
        TransferSyntaxUID: '1.2.840.10008.1.2.1',
      },
      whole: true,
    })),
  );
});
