// Real: the whole server as a process of its own, PostgreSQL, TCP, objects that it received. The hostile peer is scripted.
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DICOM_SERVICES } from '@archwire/contracts';
import { createTestDatabase, type TestDatabase } from '@archwire/database/testing';
import { writeDataSet, type DicomJson } from '@archwire/dicom';
import { startArchwire, temporaryFolder, waitFor, type Archwire } from '@archwire/test-data/processes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCommand } from '../dimse/command-codec.ts';
import { readAssociateAccept } from '../dimse/scu/read-associate-accept.ts';
import {
  abortRequest,
  associateRequest,
  COMMAND,
  CT,
  IMPLICIT,
  pData,
  pdv,
  roleItem,
} from '../dimse/testing/peer-pdus.ts';
import { peerRequest } from '../dimse/testing/peer-request.ts';
import { echoOnce, RawPeer } from '../dimse/testing/raw-peer.ts';
import { startListener, type TestListener } from '../dimse/testing/start-listener.ts';
import { openConnections } from './testing/open-connections.ts';

const STUDY_FIND = '1.2.840.10008.5.1.4.1.2.2.1';
const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';
const STUDY_MOVE = '1.2.840.10008.5.1.4.1.2.2.2';
const STUDY_GET = '1.2.840.10008.5.1.4.1.2.2.3';
const WORKLIST = '1.2.840.10008.5.1.4.31';
const PERFORMED_STEP = '1.2.840.10008.3.1.2.3.3';
const STORAGE_COMMITMENT = '1.2.840.10008.1.20.1';
const DESTINATION = 'DESTINATION';
const STUDIES = 300;

const ui = (value: string): DicomJson[string] => ({ vr: 'UI', Value: [value] });
const bytes = (dataSet: DicomJson): Buffer => writeDataSet(dataSet, IMPLICIT, '');
const studyUid = (n: number): string => `2.25.77.${n}`;

/** A small object of a study of its own. */
const object = (n: number, more: DicomJson = {}): Buffer =>
  bytes({
    '00080016': ui(SECONDARY_CAPTURE),
    '00080018': ui(`${studyUid(n)}.1.1`),
    '00080020': { vr: 'DA', Value: ['20260102'] },
    '00080060': { vr: 'CS', Value: ['OT'] },
    '00100010': { vr: 'PN', Value: [{ Alphabetic: `Hostile^Number ${n}` }] },
    '00100020': { vr: 'LO', Value: [`H${n}`] },
    '0020000D': ui(studyUid(n)),
    '0020000E': ui(`${studyUid(n)}.1`),
    '00400310': { vr: 'ST', Value: ['x'.repeat(900)] },
    ...more,
  });

const MANY: DicomJson[string] = { vr: 'UI', Value: Array.from({ length: 60 }, (_, n) => studyUid(n + 1)) };

interface Operation {
  readonly name: string;
  readonly abstractSyntax: string;
  readonly request: ReturnType<typeof peerRequest>;
  /** Of the A-ASSOCIATE-RQ. */
  readonly userItems?: readonly Buffer[];
  /** More contexts, for what comes back on the same association. */
  readonly also?: readonly string[];
}

const OPERATIONS: readonly Operation[] = [
  {
    name: 'C-STORE',
    abstractSyntax: SECONDARY_CAPTURE,
    request: peerRequest(
      1,
      { 0x0002: SECONDARY_CAPTURE, 0x0100: 0x0001, 0x0110: 1, 0x0700: 0, 0x1000: '2.25.78.1.1' },
      object(0, { '00080018': ui('2.25.78.1.1') }),
    ),
  },
  {
    name: 'C-FIND that matches everything',
    abstractSyntax: STUDY_FIND,
    request: peerRequest(
      1,
      { 0x0002: STUDY_FIND, 0x0100: 0x0020, 0x0110: 1, 0x0700: 0 },
      bytes({
        '00080052': { vr: 'CS', Value: ['STUDY'] },
        '00100010': { vr: 'PN' },
        '0020000D': { vr: 'UI' },
      }),
    ),
  },
  {
    name: 'C-GET of many studies',
    abstractSyntax: STUDY_GET,
    also: [SECONDARY_CAPTURE],
    userItems: [roleItem(SECONDARY_CAPTURE, 0, 1)],
    request: peerRequest(
      1,
      { 0x0002: STUDY_GET, 0x0100: 0x0010, 0x0110: 1, 0x0700: 0 },
      bytes({ '00080052': { vr: 'CS', Value: ['STUDY'] }, '0020000D': MANY }),
    ),
  },
  {
    name: 'C-MOVE of many studies',
    abstractSyntax: STUDY_MOVE,
    request: peerRequest(
      1,
      { 0x0002: STUDY_MOVE, 0x0100: 0x0021, 0x0110: 1, 0x0600: DESTINATION, 0x0700: 0 },
      bytes({ '00080052': { vr: 'CS', Value: ['STUDY'] }, '0020000D': MANY }),
    ),
  },
  {
    name: 'C-FIND of the worklist',
    abstractSyntax: WORKLIST,
    request: peerRequest(
      1,
      { 0x0002: WORKLIST, 0x0100: 0x0020, 0x0110: 1, 0x0700: 0 },
      bytes({
        '00100010': { vr: 'PN' },
        '00400100': { vr: 'SQ', Value: [{ '00400001': { vr: 'AE' }, '00400009': { vr: 'SH' } }] },
      }),
    ),
  },
  {
    name: 'N-CREATE of a performed procedure step',
    abstractSyntax: PERFORMED_STEP,
    request: peerRequest(
      1,
      { 0x0002: PERFORMED_STEP, 0x0100: 0x0140, 0x0110: 1, 0x1000: '2.25.81' },
      bytes({
        '00080060': { vr: 'CS', Value: ['OT'] },
        '00400252': { vr: 'CS', Value: ['IN PROGRESS'] },
      }),
    ),
  },
  {
    name: 'N-SET of a performed procedure step',
    abstractSyntax: PERFORMED_STEP,
    request: peerRequest(
      1,
      { 0x0003: PERFORMED_STEP, 0x0100: 0x0120, 0x0110: 1, 0x1001: '2.25.82' },
      bytes({ '00400252': { vr: 'CS', Value: ['COMPLETED'] } }),
    ),
  },
  {
    name: 'N-ACTION of storage commitment',
    abstractSyntax: STORAGE_COMMITMENT,
    request: peerRequest(
      1,
      {
        0x0003: STORAGE_COMMITMENT,
        0x0100: 0x0130,
        0x0110: 1,
        0x1001: `${STORAGE_COMMITMENT}.1`,
        0x1008: 1,
      },
      bytes({
        '00081195': ui('2.25.83'),
        '00081199': {
          vr: 'SQ',
          Value: Array.from({ length: STUDIES }, (_, n) => ({
            '00081150': ui(SECONDARY_CAPTURE),
            '00081155': ui(`${studyUid(n + 1)}.1.1`),
          })),
        },
      }),
    ),
  },
];

let folder: string;
let database: TestDatabase;
let server: Archwire;
let destination: TestListener;

const residentMegabytes = (): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

/** On contexts that are all accepted: a refusal would make a test of nothing. */
const associate = async ({
  abstractSyntax,
  also = [],
  userItems = [],
}: Pick<Operation, 'abstractSyntax' | 'also' | 'userItems'>): Promise<RawPeer> => {
  const classes = [abstractSyntax, ...also];
  const peer = await RawPeer.open(server.dimsePort);
  peer.send(
    associateRequest({
      callingAe: 'HOSTILE',
      contexts: classes.map((uid, at) => ({
        id: 2 * at + 1,
        abstractSyntax: uid,
        transferSyntaxes: [IMPLICIT],
      })),
      userItems,
    }),
  );
  const answer = await peer.receive();
  const accept = answer?.type === 2 ? readAssociateAccept(answer.body) : null;
  const accepted = accept !== null && 'accepted' in accept ? accept.accepted.size : 0;
  expect(accepted).toBe(classes.length);
  return peer;
};

/** The status of the next response, its data sets passed over; `null` when the association is over. */
const nextStatus = async (peer: RawPeer): Promise<number | null> => {
  for (;;) {
    const next = await peer.receive();
    if (next?.type !== 4) return null;
    if (((next.body[5] ?? 0) & COMMAND) === 0) continue;
    return readCommand(next.body.subarray(6))?.Status ?? null;
  }
};
const isPending = (status: number | null): boolean => status === 0xff00 || status === 0xff01;
const finalStatus = async (peer: RawPeer): Promise<number | null> => {
  let status = await nextStatus(peer);
  while (isPending(status)) status = await nextStatus(peer);
  return status;
};

beforeAll(async () => {
  folder = await temporaryFolder();
  database = await createTestDatabase();
  server = await startArchwire({
    dataDir: join(folder, 'data'),
    env: { DATABASE_URL: database.ownerUrl, ARCHWIRE_SERVICES: 'http,dimse' },
  });
  destination = await startListener();
  const host = '127.0.0.1';
  for (const device of [
    { name: 'Hostile', aeTitle: 'HOSTILE', address: host, services: DICOM_SERVICES },
    { name: 'Destination', aeTitle: DESTINATION, host, port: destination.port },
  ]) {
    const answer = await server.fetch('/api/v1/devices', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(device),
    });
    expect(answer.status).toBe(201);
  }
  const sender = await associate({ abstractSyntax: SECONDARY_CAPTURE });
  for (let n = 1; n <= STUDIES; n++) {
    const elements = { 0x0002: SECONDARY_CAPTURE, 0x0100: 0x0001, 0x0110: n, 0x0700: 0 };
    sender.send(peerRequest(1, { ...elements, 0x1000: `${studyUid(n)}.1.1` }, object(n)).whole);
    expect(await nextStatus(sender)).toBe(0);
  }
  sender.destroy();
  await waitFor(
    'the index',
    async () => {
      const [row] = await database.owner<{ n: string }>('select count(*) as n from instance');
      return Number(row?.n) === STUDIES;
    },
    { seconds: 120 },
  );
  await echoOnce(server.dimsePort);
});
afterAll(async () => {
  await server.stop();
  await destination.stop();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

/** It answers, holds no connection of whoever was there, waits for no query in the database, and saw nothing it calls an error. */
const expectUnharmed = async (): Promise<void> => {
  expect(await echoOnce(server.dimsePort)).toBe(0);
  await waitFor('every association to end', async () => {
    const open = await server.metric('archwire_dimse_associations_open');
    return open === 0 && openConnections(server.dimsePort) === 0;
  });
  const busy = await database.owner(
    `select query from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
  );
  const errors = server
    .output()
    .split('\n')
    .filter((line) => /"level":(?:"error"|"fatal"|50|60)/.test(line));
  expect({ busy, errors }).toEqual({ busy: [], errors: [] });
};

const ENDINGS: readonly (readonly [string, (peer: RawPeer) => void])[] = [
  ['A-ABORT', (peer) => peer.send(abortRequest())],
  ['reset', (peer) => peer.reset()],
  ['half a goodbye', (peer) => peer.socket.end()],
];

describe.each(OPERATIONS)('$name', (operation) => {
  const { command, fragments, whole } = operation.request;
  const [first = Buffer.alloc(0)] = fragments;
  test.each<readonly [string, (peer: RawPeer) => Promise<unknown>]>([
    ['in the middle of the command', async (peer) => peer.send(command.subarray(0, command.length / 2))],
    ['between command and data set', async (peer) => peer.send(command)],
    ['in the middle of the data set', async (peer) => peer.send(Buffer.concat([command, first]))],
    ['before the answer', async (peer) => peer.send(whole)],
    [
      'at the first answer',
      async (peer) => {
        peer.send(whole);
        await nextStatus(peer);
      },
    ],
  ])('a peer that goes away %s', async (_, reach) => {
    for (const [, leave] of ENDINGS) {
      const peer = await associate(operation);
      await reach(peer);
      leave(peer);
      peer.socket.resume();
      await new Promise((resolve) => setImmediate(resolve));
      peer.destroy();
    }
    await expectUnharmed();
  });

  test('a data set on another context, and one without end', async () => {
    const stray = await associate({ ...operation, also: [...(operation.also ?? []), CT] });
    stray.send(command);
    stray.send(pData(pdv(2 * (operation.also?.length ?? 0) + 3, 0, Buffer.alloc(10))));
    expect((await stray.receive())?.type).toBe(7);
    stray.destroy();
    await expectUnharmed();
  });
});

test('a peer that asks for everything many times and never reads holds a bounded part of memory', async () => {
  const find = OPERATIONS.find(({ name }) => name.startsWith('C-FIND'));
  if (find === undefined) throw new Error('C-FIND is gone');
  const before = residentMegabytes();
  const peers = await Promise.all(Array.from({ length: 30 }, () => associate(find)));
  for (const peer of peers) {
    peer.socket.pause();
    peer.send(Buffer.concat(Array.from({ length: 200 }, () => find.request.whole)));
  }
  expect(await echoOnce(server.dimsePort)).toBe(0);
  // Another peer is answered while they block.
  const other = await associate(find);
  other.send(find.request.whole);
  expect(await finalStatus(other)).toBe(0);
  expect(residentMegabytes() - before).toBeLessThan(300);
  for (const peer of [...peers, other]) peer.destroy();
  await expectUnharmed();
});

test.each<readonly [string, string, string, string]>([
  ['SQL in a Patient ID', '00100020', 'LO', `H1' or '1'='1`],
  ['SQL in a name', '00100010', 'PN', `x'; drop table study; --`],
  ['a comment in an accession number', '00080050', 'SH', `a'/**/or/**/1`],
  ['LIKE wildcards, which are characters here', '00100020', 'LO', 'H%'],
  ['a LIKE wildcard for one character', '00100020', 'LO', 'H_'],
  ['an escape', '00100020', 'LO', 'H!%'],
  ['a dollar quote', '00100020', 'LO', '$$;select 1'],
  ['a binding', '00100020', 'LO', '?'],
  ['many wildcards', '00100010', 'PN', '*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*x'],
])('%s finds nothing and does nothing', async (_, tag, vr, value) => {
  const peer = await associate({ abstractSyntax: STUDY_FIND });
  const Value = vr === 'PN' ? [{ Alphabetic: value }] : [value];
  const ask = (keys: DicomJson): Buffer =>
    peerRequest(
      1,
      { 0x0002: STUDY_FIND, 0x0100: 0x0020, 0x0110: 1, 0x0700: 0 },
      bytes({ '00080052': { vr: 'CS', Value: ['STUDY'] }, '0020000D': { vr: 'UI' }, ...keys }),
    ).whole;
  peer.send(ask({ [tag]: { vr, Value } }));
  expect(await nextStatus(peer)).toBe(0);
  peer.send(ask({ '00100020': { vr: 'LO', Value: ['H1'] } }));
  expect(await nextStatus(peer)).toBe(0xff00);
  expect(await nextStatus(peer)).toBe(0);
  peer.destroy();
  await expectUnharmed();
});
