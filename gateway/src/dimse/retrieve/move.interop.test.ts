// Real: DCMTK's movescu and storescp (plain and TLS), Orthanc, a certificate by openssl, the listener, the archive on its own disk, PostgreSQL (embedded). A scripted
// destination where storescp cannot go.
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readInstanceHead, readPart10, writeDataSet } from '@archwire/dicom';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sampleObject, samplePixels, sampleUid } from '../../dicomweb/testing/sample-object.ts';
import { readCommand, writeRequest, writeResponse } from '../command-codec.ts';
import type { ScuTls } from '../scu/connect-socket.ts';
import { freePort, runTool, startPeer } from '../testing/peer-process.ts';
import { COMMAND, EXPLICIT, IMPLICIT, LAST, pData, pdv } from '../testing/peer-pdus.ts';
import { RawPeer } from '../testing/raw-peer.ts';
import { scriptedPeer, type PeerScript, type ScriptedPeer } from '../testing/scripted-peer.ts';
import { startRetrieve, type RunningRetrieve } from '../testing/start-retrieve.ts';

const STUDY_ROOT_MOVE = '1.2.840.10008.5.1.4.1.2.2.2';
const STUDY = '1.2.3.1';
const limits = {
  connectTimeoutMs: 5_000,
  associateTimeoutMs: 5_000,
  answerTimeoutMs: 1_500,
  releaseTimeoutMs: 300,
};
let server: RunningRetrieve;
const destinations: ScriptedPeer[] = [];

beforeAll(async () => {
  server = await startRetrieve({ limits });
});
beforeEach(async () => {
  server.tenant = await server.database.tenant();
  server.destinations.clear();
});
afterEach(async () => {
  await Promise.all(destinations.splice(0).map((destination) => destination.close()));
});
afterAll(async () => {
  await server.stop();
});

const listens = (aeTitle: string, port: number, tls: ScuTls | null = null): void => {
  server.destinations.set(aeTitle, {
    host: '127.0.0.1',
    port,
    tls,
    calledAe: aeTitle,
    callingAe: 'ARCHWIRE',
  });
};
const put = async (count: number, size = 16): Promise<void> => {
  const files = Array.from({ length: count }, (_, n) => sampleObject({ instance: n + 1, seed: n, size }));
  await server.put(...files);
};
const dataSetOf = (file: Buffer): Buffer => file.subarray(readPart10(file).dataSetOffset);

const move = async (destination: string, keys: readonly string[], root = '-S'): Promise<string> => {
  const { output } = await runTool('movescu', [
    '-d',
    root,
    '-aet',
    'VIEWER',
    '-aec',
    'ARCHWIRE',
    '-aem',
    destination,
    ...keys.flatMap((key) => ['-k', key]),
    '127.0.0.1',
    String(server.port),
  ]);
  return output;
};
/** The last response as movescu prints it. */
const finalOf = (output: string): Readonly<Record<string, string | undefined>> => {
  const last = output.slice(output.lastIndexOf('C-MOVE RSP'));
  const read = (label: string): string | undefined => new RegExp(`${label}\\s*: (\\S+)`).exec(last)?.[1];
  return {
    status: /DIMSE Status\s*: (0x[0-9a-f]{4})/.exec(last)?.[1],
    completed: read('Completed Suboperations'),
    failed: read('Failed Suboperations'),
    warning: read('Warning Suboperations'),
  };
};
const WHOLE = ['QueryRetrieveLevel=STUDY', `StudyInstanceUID=${STUDY}`];

describe('movescu', () => {
  test('has a study sent to storescp, byte for byte, at every level that it may ask for', async () => {
    await put(3);
    const folder = await mkdtemp(path.join(server.folder, 'moved-'));
    const port = await freePort();
    const storescp = await startPeer('storescp', ['+B', '-od', folder, '-aet', 'VNA', String(port)], [port]);
    listens('VNA', port);
    try {
      expect(finalOf(await move('VNA', WHOLE))).toEqual({
        status: '0x0000',
        completed: '3',
        failed: '0',
        warning: '0',
      });
      for (const name of await readdir(folder)) {
        const file = await readFile(path.join(folder, name));
        const { SOPInstanceUID } = readInstanceHead(file, { totalLength: file.length }).header;
        const number = Number(SOPInstanceUID.split('.').at(-1));
        const sent = sampleObject({ instance: number, seed: number - 1 });
        expect(dataSetOf(file).equals(dataSetOf(sent))).toBe(true);
      }
      expect((await readdir(folder)).length).toBe(3);
      const image = ['QueryRetrieveLevel=IMAGE', ...WHOLE.slice(1), 'SeriesInstanceUID=1.2.3.1.1'];
      expect(
        finalOf(await move('VNA', [...image, `SOPInstanceUID=${sampleUid({ instance: 2 })}`])),
      ).toMatchObject({ status: '0x0000', completed: '1' });
      expect(finalOf(await move('VNA', ['QueryRetrieveLevel=PATIENT', 'PatientID=P1'], '-P'))).toMatchObject({
        status: '0x0000',
        completed: '3',
      });
      expect(finalOf(await move('VNA', ['QueryRetrieveLevel=STUDY', 'StudyInstanceUID=9.9']))).toMatchObject({
        status: '0x0000',
      });
    } finally {
      await storescp.stop();
    }
  });

  test('has a study sent over TLS to a destination that wants it, and only there', async () => {
    await put(2);
    const folder = await mkdtemp(path.join(server.folder, 'secured-'));
    const [keyFile, certFile] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
    const made = await runTool('openssl', [
      ...'req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext'.split(' '),
      'subjectAltName=IP:127.0.0.1',
      '-keyout',
      keyFile,
      '-out',
      certFile,
    ]);
    expect(made.code).toBe(0);
    const [key, cert] = [await readFile(keyFile, 'utf8'), await readFile(certFile, 'utf8')];
    const received = await mkdtemp(path.join(server.folder, 'moved-'));
    const port = await freePort();
    const secured = ['+tls', keyFile, certFile, '+cf', certFile, '-rc', '+B', '-od', received];
    const storescp = await startPeer('storescp', [...secured, String(port)], [port]);
    try {
      listens('VNA', port, { key, cert, ca: cert });
      expect(finalOf(await move('VNA', WHOLE))).toMatchObject({ status: '0x0000', completed: '2' });
      expect((await readdir(received)).length).toBe(2);
      // Without TLS, and with an authority that did not sign, nothing is sent in the clear.
      for (const tls of [null, {}]) {
        listens('VNA', port, tls);
        expect(finalOf(await move('VNA', WHOLE))).toMatchObject({ status: '0xa702', failed: '2' });
      }
      expect((await readdir(received)).length).toBe(2);
    } finally {
      await storescp.stop();
    }
  });

  test('may send to registered devices only, and is told so', async () => {
    await put(1);
    expect(finalOf(await move('NOBODY', WHOLE))['status']).toBe('0xa801');
    expect(finalOf(await move('NOBODY', ['QueryRetrieveLevel=STUDY']))['status']).toBe('0xa801');
    listens('VNA', await freePort());
    expect(finalOf(await move('VNA', ['QueryRetrieveLevel=STUDY', 'StudyInstanceUID']))['status']).toBe(
      '0xa900',
    );
  });

  test('is told when the destination does not listen, and the log says why, once', async () => {
    await put(3);
    listens('VNA', await freePort());
    const before = server.sendLines.length;
    expect(finalOf(await move('VNA', WHOLE))).toMatchObject({ status: '0xa702', failed: '3' });
    expect(server.sendLines.slice(before).map(({ message, fields }) => ({ message, ...fields }))).toEqual([
      expect.objectContaining({
        message: 'instance not sent',
        destination: 'VNA',
        at: 'connection-refused',
      }),
    ]);
  });

  test('leaves a line in the audit log that names who received it', async () => {
    await put(1);
    const destination = await scripted();
    listens('VNA', destination.port);
    await move('VNA', WHOLE);
    await server.flushAudit();
    const { rows }: { rows: { study_uid: string; sent: unknown }[] } = await server.database.db.withTenant(
      server.tenant.tenantId,
      async (trx) =>
        await trx.raw(
          `select study_uid, entry::jsonb -> 'after' as sent from audit_log where action = 'imaging.study.retrieved'`,
        ),
    );
    expect(rows).toEqual([{ study_uid: STUDY, sent: { destination: 'VNA' } }]);
  });
});

const scripted = async (script: PeerScript = {}): Promise<ScriptedPeer> => {
  const destination = await scriptedPeer(script);
  destinations.push(destination);
  return destination;
};

describe('a destination', () => {
  test('is told on whose word it is sent, and by which message', async () => {
    await put(1);
    const destination = await scripted();
    listens('VNA', destination.port);
    await move('VNA', WHOLE);
    expect(destination.messages.map(({ command }) => command)).toEqual([
      expect.objectContaining({
        CommandField: 1,
        MoveOriginatorApplicationEntityTitle: 'VIEWER',
        MoveOriginatorMessageID: 1,
        SOPInstanceUID: sampleUid({ instance: 1 }),
      }),
    ]);
  });

  test('that answers warnings and failures is counted so', async () => {
    await put(4);
    const statuses = [0, 0xb007, 0xa700, 0];
    const destination = await scripted({
      onMessage: (message, hand) => hand.respond(message, { Status: statuses[hand.messageNumber - 1] ?? 0 }),
    });
    listens('VNA', destination.port);
    const output = await move('VNA', WHOLE);
    expect(finalOf(output)).toEqual({ status: '0xb000', completed: '2', failed: '1', warning: '1' });
    expect(output).toContain(sampleUid({ instance: 3 }));
  });

  test('that takes only implicit uncompressed objects gets them rewritten', async () => {
    await put(1);
    const destination = await scripted({
      answer: ({ transferSyntaxes }) =>
        transferSyntaxes.includes(IMPLICIT) ? { transferSyntax: IMPLICIT } : { result: 4 },
    });
    listens('VNA', destination.port);
    expect(finalOf(await move('VNA', WHOLE))).toMatchObject({ status: '0x0000', completed: '1' });
    const [message] = destination.messages;
    expect(message?.dataSet.subarray(-512).equals(samplePixels({}))).toBe(true);
    expect(message?.dataSet.includes(Buffer.from('CS'))).toBe(false);
  });

  test.each<readonly [string, PeerScript]>([
    ['that refuses all contexts', { answer: () => ({ result: 3 }) }],
    [
      'that rejects the association',
      {
        onAssociate: (socket) => {
          socket.end(Buffer.from('03000000000400010103', 'hex'));
          return 'handled';
        },
      },
    ],
    ['that aborts while it is sent to', { onData: (_bytes, hand) => hand.abort() }],
    ['that dies while it is sent to', { onData: (_bytes, { socket }) => void socket.resetAndDestroy() }],
    ['that never answers', { onMessage: () => {} }],
    [
      'that stops reading',
      {
        onAssociate: (socket) => {
          setImmediate(() => socket.pause());
          return 'accept';
        },
      },
    ],
    [
      'that answers another message',
      { onMessage: (message, hand) => hand.respond(message, { MessageIDBeingRespondedTo: 999 }) },
    ],
  ])('%s: everything has failed, the mover is told, and the next move works', async (_name, script) => {
    await put(3, 900);
    const destination = await scripted(script);
    listens('VNA', destination.port);
    expect(finalOf(await move('VNA', WHOLE))).toMatchObject({ status: '0xa702', failed: '3' });
    const good = await scripted();
    listens('GOOD', good.port);
    expect(finalOf(await move('GOOD', WHOLE))).toMatchObject({ status: '0x0000', completed: '3' });
  });

  test('that dies half-way keeps what it has; the rest has failed', async () => {
    await put(4);
    const destination = await scripted({
      onMessage: (message, hand) => {
        if (hand.messageNumber < 3) hand.respond(message);
        else hand.socket.resetAndDestroy();
      },
    });
    listens('VNA', destination.port);
    expect(finalOf(await move('VNA', WHOLE))).toEqual({
      status: '0xb000',
      completed: '2',
      failed: '2',
      warning: '0',
    });
  });
});

describe('a mover', () => {
  const ask = (MessageID: number): Buffer => {
    const command = writeRequest(
      { CommandField: 0x0021, MessageID, Priority: 0, MoveDestination: 'VNA', hasDataSet: true },
      0,
    );
    const identifier = {
      '00080052': { vr: 'CS', Value: ['STUDY'] },
      '0020000D': { vr: 'UI', Value: [STUDY] },
    };
    return Buffer.concat([
      pData(pdv(1, COMMAND | LAST, command)),
      pData(pdv(1, LAST, writeDataSet(identifier, EXPLICIT, ''))),
    ]);
  };
  const open = async (): Promise<RawPeer> =>
    await RawPeer.associate(server.port, {
      contexts: [{ id: 1, abstractSyntax: STUDY_ROOT_MOVE, transferSyntaxes: [EXPLICIT] }],
    });

  test('that cancels stops it between two instances', async () => {
    await put(5);
    const gate = Promise.withResolvers<void>();
    const destination = await scripted({
      onMessage: (message, hand) => {
        if (hand.messageNumber !== 2) hand.respond(message);
        else void gate.promise.then(() => hand.respond(message));
      },
    });
    listens('VNA', destination.port);
    const mover = await open();
    mover.send(ask(7));
    expect(await mover.receiveCommand()).toMatchObject({ Status: 0xff00, NumberOfRemainingSuboperations: 4 });
    const cancel = writeResponse({ CommandField: 0x0fff, MessageIDBeingRespondedTo: 7, Status: 0 }, 0);
    mover.send(pData(pdv(1, COMMAND | LAST, cancel)));
    await new Promise((resolve) => setTimeout(resolve, 100));
    gate.resolve();
    for (;;) {
      const pdu = await mover.receive();
      const command = readCommand(Buffer.from(pdu?.body.subarray(6) ?? ''));
      if (command?.Status === 0xff00) continue;
      expect(command).toMatchObject({
        Status: 0xfe00,
        NumberOfRemainingSuboperations: 3,
        NumberOfCompletedSuboperations: 2,
      });
      break;
    }
    expect(destination.messages.length).toBe(2);
    mover.destroy();
  });

  test('that goes away has nothing sent behind its back', async () => {
    await put(5);
    const gate = Promise.withResolvers<void>();
    const destination = await scripted({
      onMessage: (message, hand) => void gate.promise.then(() => hand.respond(message)),
    });
    listens('VNA', destination.port);
    const mover = await open();
    mover.send(ask(7));
    await expect.poll(() => destination.messages.length, { timeout: 30_000 }).toBe(1);
    const ended = (): number => server.lines.filter(({ message }) => message === 'association ended').length;
    const before = ended();
    mover.reset();
    await expect.poll(ended, { timeout: 30_000 }).toBe(before + 1);
    gate.resolve();
    await expect
      .poll(() => destination.pdus.includes(5) || destination.open() === 0, { timeout: 40_000 })
      .toBe(true);
    expect(destination.messages.length).toBe(1);
  });
});

describe('Orthanc', () => {
  test('moves to itself by query/retrieve', async () => {
    await put(3);
    const folder = await mkdtemp(path.join(server.folder, 'orthanc-'));
    const [httpPort, dicomPort] = [await freePort(), await freePort()];
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
        KeepAlive: false,
        Plugins: [],
        DicomModalities: { archwire: ['ARCHWIRE', '127.0.0.1', server.port] },
      }),
    );
    const orthanc = await startPeer('Orthanc', [configuration], [httpPort, dicomPort]);
    listens('ORTHANC', dicomPort);
    try {
      const base = `http://127.0.0.1:${httpPort}`;
      const moved = await fetch(`${base}/modalities/archwire/move`, {
        method: 'POST',
        body: JSON.stringify({
          Level: 'Study',
          Resources: [{ StudyInstanceUID: STUDY }],
          TargetAet: 'ORTHANC',
          Timeout: 60,
        }),
      });
      expect([moved.status, await moved.text()]).toEqual([200, expect.any(String)]);
      const instances: unknown = await (await fetch(`${base}/instances`)).json();
      expect(Array.isArray(instances) ? instances.length : instances).toBe(3);
    } finally {
      await orthanc.stop();
    }
  });
});
