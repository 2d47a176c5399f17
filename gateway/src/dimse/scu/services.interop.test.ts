// Real: DCMTK's storescp, dcmqrscp, wlmscpfs and Orthanc as peers; our own listener takes what is moved; TLS made by openssl.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { transcodeInstance } from '@archwire/archive';
import { createPixelPool, readPart10, storedBuffer, writeDataSet, type DicomJson } from '@archwire/dicom';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeIngest } from '../testing/fake-ingest.ts';
import { generateFile, SECONDARY_CAPTURE } from '../testing/generate-file.ts';
import { freePort, runTool, startPeer, type PeerProcess } from '../testing/peer-process.ts';
import { startListener, type TestListener } from '../testing/start-listener.ts';
import { createCapabilities } from './capabilities.ts';
import { find } from './find.ts';
import { getContexts } from './get-contexts.ts';
import { get } from './get.ts';
import { move } from './move.ts';
import { oneTimeLease } from './one-time-lease.ts';
import type { Peer } from './peer.ts';
import { queryContexts } from './query-contexts.ts';
import { receiveInto } from './receive-into.ts';
import type { SendableInstance } from './sendable-instance.ts';
import { storeInstances } from './store-instances.ts';

const FIND = '1.2.840.10008.5.1.4.1.2.2.1';
const MOVE = '1.2.840.10008.5.1.4.1.2.2.2';
const GET = '1.2.840.10008.5.1.4.1.2.2.3';
const WORKLIST = '1.2.840.10008.5.1.4.31';
const EXPLICIT = '1.2.840.10008.1.2.1';
const IMPLICIT = '1.2.840.10008.1.2';
const STUDY = '2.25.1000';

let folder: string;
let listener: TestListener;
let dcmqrscp: Peer;
let orthanc: Peer;
const processes: PeerProcess[] = [];
const at = (name: string): string => path.join(folder, name);
const peerAt = (port: number, calledAe: string): Peer => ({
  host: '127.0.0.1',
  port,
  tls: null,
  calledAe,
  callingAe: 'ARCHWIRE',
});

const file = (number: number, rows = 64) => generateFile(`2.25.${5_000 + number}`, rows);
const instances = (count: number, rows?: number): readonly SendableInstance[] =>
  Array.from({ length: count }, (_, number) => {
    const { file: bytes, sopClass, sopInstance } = file(number, rows);
    return {
      SOPClassUID: sopClass,
      SOPInstanceUID: sopInstance,
      TransferSyntaxUID: EXPLICIT,
      open: async () => storedBuffer(bytes),
    };
  });
const dataSetOf = (bytes: Buffer): Buffer => bytes.subarray(readPart10(bytes).dataSetOffset);
const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const sendAll = async (peer: Peer, all: readonly SendableInstance[]): Promise<readonly string[]> => {
  const outcomes: string[] = [];
  for await (const { result } of storeInstances(all, {
    lease: oneTimeLease(peer),
    transcode: () => {
      throw new Error('nothing is to be rewritten');
    },
  }))
    outcomes.push(result.outcome);
  return outcomes;
};

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'archwire-scu-'));
  listener = await startListener();
  const [quryPort, httpPort, dicomPort] = [await freePort(), await freePort(), await freePort()];
  await mkdir(at('db'));
  await writeFile(
    at('dcmqrscp.cfg'),
    [
      'NetworkTCPPort = ' + quryPort,
      'MaxPDUSize = 16384',
      'MaxAssociations = 16',
      'HostTable BEGIN',
      `us = (ARCHWIRE, 127.0.0.1, ${listener.port})`,
      'HostTable END',
      'VendorTable BEGIN',
      'VendorTable END',
      'AETable BEGIN',
      `QR ${at('db')} RW (500, 1024mb) ANY`,
      'AETable END',
      '',
    ].join('\n'),
  );
  processes.push(await startPeer('dcmqrscp', ['-c', at('dcmqrscp.cfg')], [quryPort]));
  dcmqrscp = peerAt(quryPort, 'QR');
  await writeFile(
    at('orthanc.json'),
    JSON.stringify({
      StorageDirectory: at('orthanc'),
      IndexDirectory: at('orthanc'),
      HttpPort: httpPort,
      DicomPort: dicomPort,
      DicomAet: 'ORTHANC',
      RemoteAccessAllowed: false,
      AuthenticationEnabled: false,
      Plugins: [],
      DicomModalities: { us: { AET: 'ARCHWIRE', Host: '127.0.0.1', Port: listener.port, AllowGet: true } },
    }),
  );
  processes.push(await startPeer('Orthanc', [at('orthanc.json')], [httpPort, dicomPort]));
  orthanc = peerAt(dicomPort, 'ORTHANC');
  for (const peer of [dcmqrscp, orthanc])
    expect(await sendAll(peer, instances(20))).toEqual(Array(20).fill('stored'));
});
afterAll(async () => {
  await Promise.all(processes.map((one) => one.stop()));
  await listener.stop();
  await rm(folder, { recursive: true, force: true });
});

const imageQuery: DicomJson = {
  '00080052': { vr: 'CS', Value: ['IMAGE'] },
  '0020000D': { vr: 'UI', Value: [STUDY] },
  '0020000E': { vr: 'UI', Value: ['2.25.1001'] },
  '00080018': { vr: 'UI' },
};
const wholeStudy: DicomJson = {
  '00080052': { vr: 'CS', Value: ['STUDY'] },
  '0020000D': { vr: 'UI', Value: [STUDY] },
};
const uidsSent = Array.from({ length: 20 }, (_, number) => `2.25.${5_000 + number}`).toSorted();

test('DCMTK keeps the data set of an instance bit for bit, also one of several megabytes', async () => {
  const port = await freePort();
  await mkdir(at('kept'));
  processes.push(await startPeer('storescp', ['+B', '-od', at('kept'), String(port)], [port]));
  const sent = [...instances(5), ...instances(1, 6_000)];
  expect(await sendAll(peerAt(port, 'ANY'), sent.slice(0, 5))).toEqual(Array(5).fill('stored'));
  const digests = async () =>
    (await Promise.all((await readdir(at('kept'))).map((name) => readFile(at(`kept/${name}`)))))
      .map((bytes) => digest(dataSetOf(bytes)))
      .toSorted();
  const expected = Array.from({ length: 5 }, (_, number) => digest(dataSetOf(file(number).file))).toSorted();
  expect(await digests()).toEqual(expected);
  await sendAll(peerAt(port, 'ANY'), sent.slice(5));
  expect(await digests()).toEqual(
    [
      ...expected.filter((one) => one !== digest(dataSetOf(file(0).file))),
      digest(dataSetOf(file(0, 6_000).file)),
    ].toSorted(),
  );
});

const SECRET = Buffer.from('00ff5c0dfe01', 'hex');
/** (0009,0010) ACME and (0009,1001) with bytes that no text has, before the patient. */
const withPrivate = (bytes: Buffer): Buffer => {
  const patient = bytes.indexOf(Buffer.from('10001000504e', 'hex'));
  const creator = Buffer.from('090010004c4f060041434d452020', 'hex');
  const value = Buffer.concat([Buffer.from('090001104f42000006000000', 'hex'), SECRET]);
  return Buffer.concat([bytes.subarray(0, patient), creator, value, bytes.subarray(patient)]);
};

test('a peer that takes only implicit VR gets what is compressed decoded, private elements byte for byte', async () => {
  const port = await freePort();
  await mkdir(at('implicit'));
  processes.push(await startPeer('storescp', ['+xi', '+B', '-od', at('implicit'), String(port)], [port]));
  const original = withPrivate(file(0).file);
  await writeFile(at('plain.dcm'), original);
  const made = await runTool('dcmcrle', [at('plain.dcm'), at('rle.dcm')]);
  expect(made.code, made.output).toBe(0);
  const rle = await readFile(at('rle.dcm'));
  const pixels = createPixelPool({ threads: 1 });
  const results: unknown[] = [];
  for await (const { result } of storeInstances(
    [
      {
        SOPClassUID: SECONDARY_CAPTURE,
        SOPInstanceUID: file(0).sopInstance,
        TransferSyntaxUID: readPart10(rle).TransferSyntaxUID,
        open: async () => storedBuffer(rle),
      },
    ],
    {
      lease: oneTimeLease(peerAt(port, 'ANY')),
      transcode: (stored, transferSyntaxUid) => transcodeInstance(stored, pixels, transferSyntaxUid),
    },
  ))
    results.push(result);
  await pixels.close();
  expect(results).toEqual([{ outcome: 'stored', status: 0, comment: null, transferSyntaxUid: IMPLICIT }]);
  const [name = ''] = await readdir(at('implicit'));
  const received = await readFile(at(`implicit/${name}`));
  expect(readPart10(received).TransferSyntaxUID).toBe(IMPLICIT);
  expect(received.includes(Buffer.concat([Buffer.from('0900011006000000', 'hex'), SECRET]))).toBe(true);
  const pixelData = original.subarray(original.length - 64 * 512 * 2);
  expect(received.subarray(received.length - pixelData.length).equals(pixelData)).toBe(true);
});

test.each([
  ['DCMTK', () => dcmqrscp],
  ['Orthanc', () => orthanc],
])('%s: C-FIND gives every answer, and stops when told to', async (_, peer) => {
  const lease = await oneTimeLease(peer())(queryContexts([FIND]));
  const uids: unknown[] = [];
  for await (const answer of find(lease, { sopClass: FIND, identifier: imageQuery }))
    uids.push(...(answer['00080018']?.Value ?? []));
  expect(uids).toHaveLength(20);
  expect(new Set(uids)).toEqual(new Set(uidsSent));
  let count = 0;
  for await (const _answer of find(lease, { sopClass: FIND, identifier: imageQuery, limit: 3 })) count++;
  expect(count).toBe(3);
  // The association is still good for another question.
  const names: unknown[] = [];
  for await (const answer of find(lease, {
    sopClass: FIND,
    identifier: { ...wholeStudy, '00100010': { vr: 'PN' } },
  }))
    names.push(answer['00100010']?.Value);
  expect(names).toEqual([[{ Alphabetic: 'Generated^Patient' }]]);
  await lease.done();
});

test.each([
  ['DCMTK', () => dcmqrscp],
  ['Orthanc', () => orthanc],
])('%s: C-MOVE to our listener counts to its end', async (_, peer) => {
  const before = listener.ingest.kept.length;
  const lease = await oneTimeLease(peer())(queryContexts([MOVE]));
  let last = null;
  for await (const progress of move(lease, {
    sopClass: MOVE,
    identifier: wholeStudy,
    destination: 'ARCHWIRE',
  }))
    last = progress;
  expect(last).toMatchObject({ status: 0, completed: 20, failed: 0, failedInstances: [] });
  expect(
    listener.ingest.kept
      .slice(before)
      .map(({ command }) => command.SOPInstanceUID)
      .toSorted(),
  ).toEqual(uidsSent);
  const asking = move(lease, { sopClass: MOVE, identifier: wholeStudy, destination: 'NOBODY' });
  await expect(
    (async () => {
      for await (const _progress of asking);
    })(),
  ).rejects.toMatchObject({ name: 'DimseFailure' });
  await lease.done();
});

test.each([
  ['DCMTK', () => dcmqrscp],
  ['Orthanc', () => orthanc],
])('%s: C-GET brings the instances over the same association, byte for byte', async (_, peer) => {
  const ingest = new FakeIngest({ highWater: 20_000 });
  const { contexts, roles } = getContexts(GET);
  const serve = receiveInto(ingest, {
    tenantId: 'tenant',
    locationId: 'location',
    deviceId: null,
    issuer: 'CLINIC',
    via: 'dimse',
    callingAe: 'ARCHWIRE',
    calledAe: 'PEER',
    address: '127.0.0.1',
  });
  const lease = await oneTimeLease({ ...peer(), roles, serve })(contexts);
  let last = null;
  for await (const progress of get(lease, { sopClass: GET, identifier: wholeStudy })) last = progress;
  expect(last).toMatchObject({ status: 0, completed: 20, failed: 0 });
  expect(ingest.kept.map(({ command }) => command.SOPInstanceUID).toSorted()).toEqual(uidsSent);
  expect(ingest.kept.every(({ command }) => command.SOPClassUID === SECONDARY_CAPTURE)).toBe(true);
  expect(ingest.open).toBe(0);
  await lease.done();
});

test('the worklist of wlmscpfs: names in their characters, dates matched', async () => {
  const port = await freePort();
  await mkdir(at('worklist/WL'), { recursive: true });
  const item = (name: string, day: string): DicomJson => ({
    '00080005': { vr: 'CS', Value: ['ISO_IR 100'] },
    '00080050': { vr: 'SH', Value: ['A1'] },
    '00100010': { vr: 'PN', Value: [{ Alphabetic: name }] },
    '00100020': { vr: 'LO', Value: ['P1'] },
    '0020000D': { vr: 'UI', Value: ['2.25.1'] },
    '00321060': { vr: 'LO', Value: ['Panorama'] },
    '00400100': {
      vr: 'SQ',
      Value: [
        {
          '00080060': { vr: 'CS', Value: ['PX'] },
          '00400001': { vr: 'AE', Value: ['PANO'] },
          '00400002': { vr: 'DA', Value: [day] },
          '00400003': { vr: 'TM', Value: ['101500'] },
          '00400009': { vr: 'SH', Value: ['S1'] },
        },
      ],
    },
    '00401001': { vr: 'SH', Value: ['R1'] },
  });
  await writeFile(at('worklist/WL/lockfile'), '');
  for (const [name, day] of [
    ['Müller^Jörg', '20260105'],
    ['Dupont^Zoé', '20260106'],
  ] as const) {
    const bytes = writeDataSet(item(name, day), EXPLICIT, 'ISO_IR 100');
    const raw = at(`${day}.raw`);
    await writeFile(raw, bytes);
    const made = await runTool('dcmconv', ['-f', '+te', raw, at(`worklist/WL/${day}.wl`)]);
    expect(made.code, made.output).toBe(0);
  }
  processes.push(await startPeer('wlmscpfs', ['-dfp', at('worklist'), '-dfr', String(port)], [port]));
  const lease = await oneTimeLease(peerAt(port, 'WL'))(queryContexts([WORKLIST]));
  const ask = async (day: string) => {
    const names: unknown[] = [];
    for await (const answer of find(lease, {
      sopClass: WORKLIST,
      identifier: {
        '00100010': { vr: 'PN' },
        '00400100': {
          vr: 'SQ',
          Value: [{ '00400002': { vr: 'DA', Value: [day] }, '00400001': { vr: 'AE' } }],
        },
      },
    }))
      names.push(answer['00100010']?.Value?.[0]);
    return names;
  };
  expect(await ask('20260105')).toEqual([{ Alphabetic: 'Müller^Jörg' }]);
  expect((await ask('20260101-20261231')).length).toBe(2);
  expect(await ask('20270101')).toEqual([]);
  await lease.done();
});

test('what a peer accepts is told service by service', async () => {
  const ask = createCapabilities({ callingAe: 'ARCHWIRE', tls: {} });
  const qr = await ask({ ...dcmqrscp, tls: false });
  expect(qr).toMatchObject({ outcome: 'success', maxPduLength: 16_384 });
  const accepted = (found: typeof qr) =>
    found.services.filter(({ answer }) => answer === 'accepted').map(({ service }) => service);
  expect(accepted(qr)).toEqual([
    'verification',
    'find-patient-root',
    'find-study-root',
    'move-patient-root',
    'move-study-root',
    'get-patient-root',
    'get-study-root',
  ]);
  const images = qr.storage.find(
    ({ keyword }) => keyword === 'DigitalIntraOralXRayImageStorageForPresentation',
  );
  expect(images?.syntaxes).toContain('uncompressed');
  const vna = await ask({ ...orthanc, tls: false });
  expect(accepted(vna)).toContain('get-study-root');
  expect(vna.storage.find(({ keyword }) => keyword === 'CTImageStorage')?.syntaxes).toContain('jpeg-2000');
  expect(
    await ask({ host: '127.0.0.1', port: await freePort(), calledAe: 'NOBODY', tls: false }),
  ).toMatchObject({
    outcome: 'connection-refused',
    services: [],
    maxPduLength: null,
  });
});

test('everything goes over TLS too, with our certificate where the peer asks for one', async () => {
  const files = ['-keyout', at('key.pem'), '-out', at('cert.pem')];
  const wanted = 'req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost'.split(' ');
  const names = ['-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  expect((await runTool('openssl', [...wanted, ...names, ...files])).code).toBe(0);
  const [key, cert] = [await readFile(at('key.pem'), 'utf8'), await readFile(at('cert.pem'), 'utf8')];
  const port = await freePort();
  await mkdir(at('tls'));
  const arguments_ = ['+tls', at('key.pem'), at('cert.pem'), '+cf', at('cert.pem'), '-rc', '-od', at('tls')];
  processes.push(await startPeer('storescp', [...arguments_, String(port)], [port]));
  const secured = { ...peerAt(port, 'ANY'), tls: { key, cert, ca: cert } };
  expect(await sendAll(secured, instances(3, 2_000))).toEqual(Array(3).fill('stored'));
  expect(await readdir(at('tls'))).toHaveLength(3);
  expect(await sendAll({ ...secured, tls: { ca: cert } }, instances(1))).toEqual(['failed']);
});
