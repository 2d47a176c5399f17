// Real: TCP on the loopback, the listener, DCMTK's echoscu, storescu and findscu, a scripted peer. The door for bytes is in memory.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DicomService } from '@archwire/contracts';
import { afterEach, expect, test } from 'vitest';
import type { DimseService } from './dimse-service.ts';
import { echoService } from './echo-service.ts';
import { createFindScp } from './query/find-scp.ts';
import { generateFile } from './testing/generate-file.ts';
import { CT, EXPLICIT, IMPLICIT, roleItem, store as storeMessage } from './testing/peer-pdus.ts';
import { runTool } from './testing/peer-process.ts';
import { RawPeer } from './testing/raw-peer.ts';
import { ADMITTED, startListener, type TestListener } from './testing/start-listener.ts';

const GET = '1.2.840.10008.5.1.4.1.2.2.3';
const get: DimseService = {
  ...echoService,
  name: 'C-GET',
  commandField: 0x0010,
  abstractSyntaxes: new Set([GET]),
  storesAtPeer: true,
};
let listener: TestListener;
let denied: string[];
afterEach(async () => await listener.stop());

const start = async (services: readonly DicomService[], deviceId: string | null = 'device') => {
  denied = [];
  listener = await startListener({
    admit: async () => ({ admitted: true, source: { ...ADMITTED, deviceId, services: new Set(services) } }),
    services: [createFindScp(async function* () {}), get],
    activity: {
      seen: () => {},
      stored: () => {},
      failed: () => {},
      denied: (device, service) => denied.push(`${device.deviceId} ${service}`),
    },
  });
};
const at = (): string[] => ['127.0.0.1', String(listener.port)];
const find = () =>
  runTool('findscu', ['-d', '-S', '-k', 'QueryRetrieveLevel=STUDY', '-k', 'StudyInstanceUID', ...at()]);
const echo = () => runTool('echoscu', at());
const store = async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'archwire-services-'));
  try {
    const file = path.join(folder, 'image.dcm');
    await writeFile(file, generateFile('2.25.4711').file);
    return await runTool('storescu', ['-d', ...at(), file]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

test('a peer that may only store is refused its query as the user would refuse it, and the log and the device say so', async () => {
  await start(['store']);
  expect((await echo()).code).toBe(0);
  expect((await store()).code).toBe(0);
  expect(listener.ingest.kept.length).toBe(1);
  const query = await find();
  expect(query.code).not.toBe(0);
  expect(query.output).toContain('User Rejection');
  expect(denied).toEqual(['device query']);
  expect(
    listener.lines.filter(({ message }) => message === 'services refused that this peer may not use'),
  ).toEqual([
    {
      level: 'warn',
      message: 'services refused that this peer may not use',
      fields: { callingAe: 'FINDSCU', calledAe: 'ANY-SCP', address: '127.0.0.1', services: ['query'] },
    },
  ]);
});

test('a peer that may only ask cannot store', async () => {
  await start(['query']);
  expect((await find()).code).toBe(0);
  const stored = await store();
  expect(stored.code).not.toBe(0);
  expect(stored.output).toContain('User Rejection');
  expect(listener.ingest.kept).toEqual([]);
  expect(denied).toEqual(['device store']);
});

test('whoever may nothing is still told that this server is there', async () => {
  await start([], null);
  expect((await echo()).code).toBe(0);
  expect((await find()).output).toContain('User Rejection');
  // Nobody registered it, so nothing is counted for it.
  expect(denied).toEqual([]);
});

test('a peer that may only fetch takes images beside C-GET, and does not get some in that way', async () => {
  await start(['retrieve']);
  const peer = await RawPeer.associate(listener.port, {
    contexts: [
      { id: 1, abstractSyntax: GET, transferSyntaxes: [IMPLICIT] },
      { id: 3, abstractSyntax: CT, transferSyntaxes: [EXPLICIT] },
    ],
    userItems: [roleItem(CT, 1, 1)],
  });
  peer.send(storeMessage(Buffer.alloc(100)));
  expect(await peer.receiveCommand()).toMatchObject({ CommandField: 0x8001, Status: 0x0124 });
  expect(listener.ingest.kept).toEqual([]);
  peer.destroy();
});
