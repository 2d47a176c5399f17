// Real: the whole server as a process of its own, PostgreSQL, Orthanc as device; for what Orthanc does not speak, our own listener in the role of the device.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '@archwire/database/testing';
import { readIdentifier, writeDataSet, type DicomJson } from '@archwire/dicom';
import { startArchwire, temporaryFolder, waitFor, type Archwire } from '@archwire/test-data/processes';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DimseService } from '../dimse/dimse-service.ts';
import { SUCCESS } from '../dimse/dimse-status.ts';
import { generateFile, SECONDARY_CAPTURE } from '../dimse/testing/generate-file.ts';
import { IMPLICIT } from '../dimse/testing/peer-pdus.ts';
import { freePort, startPeer, type PeerProcess } from '../dimse/testing/peer-process.ts';
import { peerRequest } from '../dimse/testing/peer-request.ts';
import { RawPeer } from '../dimse/testing/raw-peer.ts';
import { startListener, type TestListener } from '../dimse/testing/start-listener.ts';

const STORAGE_COMMITMENT = '1.2.840.10008.1.20.1';
const AVAILABILITY = '1.2.840.10008.5.1.4.33';
const DEVICE = 'PANO';

let folder: string;
let database: TestDatabase;
let server: Archwire;
let orthanc: PeerProcess;
let orthancUrl: string;
let device: TestListener;
const told: { readonly what: string; readonly dataSet: DicomJson }[] = [];

const taker = (name: string, commandField: number, sopClass: string, peerRole?: 'scp'): DimseService => ({
  name,
  commandField,
  abstractSyntaxes: new Set([sopClass]),
  transferSyntaxes: new Set([IMPLICIT]),
  needsDataSet: true,
  ...(peerRole === undefined ? {} : { peerRole }),
  perform: async ({ dataSet, context }) => {
    told.push({ what: name, dataSet: readIdentifier(dataSet, context.transferSyntax).dataSet });
    return { status: SUCCESS };
  },
});
const start = (): Promise<Archwire> =>
  startArchwire({
    dataDir: join(folder, 'data'),
    env: { DATABASE_URL: database.ownerUrl, ARCHWIRE_SETTLE_IDLE_SECONDS: '1' },
  });
const register = async (body: object): Promise<void> => {
  const answer = await server.fetch('/api/v1/devices', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ address: '127.0.0.1', host: '127.0.0.1', ...body }),
  });
  if (!answer.ok) throw new Error(await answer.text());
};

beforeAll(async () => {
  folder = await temporaryFolder();
  database = await createTestDatabase();
  server = await start();
  device = await startListener({
    services: [
      taker('N-EVENT-REPORT', 0x0100, STORAGE_COMMITMENT, 'scp'),
      taker('N-CREATE', 0x0140, AVAILABILITY),
    ],
  });
  const [httpPort, dicomPort] = [await freePort(), await freePort()];
  orthancUrl = `http://127.0.0.1:${httpPort}`;
  const configuration = join(folder, 'orthanc.json');
  await writeFile(
    configuration,
    JSON.stringify({
      StorageDirectory: join(folder, 'orthanc'),
      IndexDirectory: join(folder, 'orthanc'),
      HttpPort: httpPort,
      DicomPort: dicomPort,
      DicomAet: 'ORTHANC',
      RemoteAccessAllowed: false,
      AuthenticationEnabled: false,
      KeepAlive: false,
      Plugins: [],
      DicomModalities: { archwire: ['ARCHWIRE', '127.0.0.1', server.dimsePort] },
    }),
  );
  orthanc = await startPeer('Orthanc', [configuration], [httpPort, dicomPort]);
  const services = ['store', 'commitment'];
  await register({ name: 'Orthanc', aeTitle: 'ORTHANC', port: dicomPort, services });
  await register({ name: 'Pano', aeTitle: DEVICE, port: device.port, services, notifyAvailability: true });
});
afterAll(async () => {
  await orthanc.stop();
  await device.stop();
  await server.stop();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const post = async (route: string, body: string | Uint8Array<ArrayBuffer>): Promise<unknown> => {
  const answer = await fetch(orthancUrl + route, { method: 'POST', body });
  if (!answer.ok) throw new Error(`${route}: ${answer.status} ${await answer.text()}`);
  return await answer.json();
};
const idOf = (answer: unknown): string =>
  answer !== null && typeof answer === 'object' && 'ID' in answer ? String(answer.ID) : '';

test('Orthanc sends, asks for commitment, hangs up, and is told on an association of ours', async () => {
  const id = idOf(await post('/instances', new Uint8Array(generateFile('2.25.601', 20).file)));
  await post('/modalities/archwire/store', id);
  const asked = await post(
    '/modalities/archwire/storage-commitment',
    JSON.stringify({
      DicomInstances: [
        { SOPClassUID: SECONDARY_CAPTURE, SOPInstanceUID: '2.25.601' },
        { SOPClassUID: SECONDARY_CAPTURE, SOPInstanceUID: '2.25.699' },
      ],
    }),
  );
  let report: unknown;
  await waitFor(
    'the report',
    async () => {
      report = await (await fetch(`${orthancUrl}/storage-commitment/${idOf(asked)}`)).json();
      return JSON.stringify(report).includes('"Failure"');
    },
    { seconds: 120, everyMs: 500 },
  );
  expect(report).toMatchObject({
    Status: 'Failure',
    RemoteAET: 'ARCHWIRE',
    Success: [{ SOPClassUID: SECONDARY_CAPTURE, SOPInstanceUID: '2.25.601' }],
    Failures: [{ SOPInstanceUID: '2.25.699', FailureReason: 0x0112 }],
  });
});

const ui = (value: string): DicomJson[string] => ({ vr: 'UI', Value: [value] });

test('a request outlives a kill of the server, and a study is announced once it has settled', async () => {
  const sopUid = '2.25.701';
  const object = writeDataSet(
    {
      '00080016': ui(SECONDARY_CAPTURE),
      '00080018': ui(sopUid),
      '00080060': { vr: 'CS', Value: ['OT'] },
      '00100020': { vr: 'LO', Value: ['P701'] },
      '0020000D': ui('2.25.7'),
      '0020000E': ui('2.25.7.1'),
    },
    IMPLICIT,
    '',
  );
  const peer = await RawPeer.associate(server.dimsePort, {
    callingAe: DEVICE,
    contexts: [SECONDARY_CAPTURE, STORAGE_COMMITMENT].map((abstractSyntax, at) => ({
      id: 2 * at + 1,
      abstractSyntax,
      transferSyntaxes: [IMPLICIT],
    })),
  });
  peer.send(
    peerRequest(1, { 0x0002: SECONDARY_CAPTURE, 0x0100: 1, 0x0110: 1, 0x0700: 0, 0x1000: sopUid }, object)
      .whole,
  );
  expect((await peer.receiveCommand())?.['Status']).toBe(0);
  const information = writeDataSet(
    {
      '00081195': ui('2.25.77'),
      '00081199': {
        vr: 'SQ',
        Value: [{ '00081150': ui(SECONDARY_CAPTURE), '00081155': ui(sopUid) }],
      },
    },
    IMPLICIT,
    '',
  );
  peer.send(
    peerRequest(
      3,
      {
        0x0003: STORAGE_COMMITMENT,
        0x0100: 0x0130,
        0x0110: 2,
        0x1001: `${STORAGE_COMMITMENT}.1`,
        0x1008: 1,
      },
      information,
    ).whole,
  );
  expect((await peer.receiveCommand())?.['Status']).toBe(0);
  // Its N-EVENT-REPORT on this association is never answered.
  await server.kill();
  peer.destroy();
  server = await start();

  // The study that Orthanc sent is announced too.
  const heard = (what: string): DicomJson[] =>
    told
      .filter((one) => one.what === what && JSON.stringify(one.dataSet).includes(`"${sopUid}"`))
      .map(({ dataSet }) => dataSet);
  await waitFor('both', async () => heard('N-EVENT-REPORT').length > 0 && heard('N-CREATE').length > 0, {
    seconds: 240,
    everyMs: 200,
  });
  expect(heard('N-EVENT-REPORT')[0]).toEqual({
    '00080054': { vr: 'AE', Value: ['ARCHWIRE'] },
    '00081195': ui('2.25.77'),
    '00081199': {
      vr: 'SQ',
      Value: [{ '00081150': ui(SECONDARY_CAPTURE), '00081155': ui(sopUid) }],
    },
  });
  expect(heard('N-CREATE')).toHaveLength(1);
  expect(heard('N-CREATE')[0]).toEqual({
    '00081111': { vr: 'SQ' },
    '00081115': {
      vr: 'SQ',
      Value: [
        {
          '00081199': {
            vr: 'SQ',
            Value: [
              {
                '00080054': { vr: 'AE', Value: ['ARCHWIRE'] },
                '00080056': { vr: 'CS', Value: ['ONLINE'] },
                '00081150': ui(SECONDARY_CAPTURE),
                '00081155': ui(sopUid),
              },
            ],
          },
          '0020000E': ui('2.25.7.1'),
        },
      ],
    },
    '0020000D': ui('2.25.7'),
  });
}, 300_000);
