// Real: a certificate made by openssl, sockets of the loopback, with peers that say byte for byte what a test tells them to.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { writeResponse } from '../command-codec.ts';
import { MESSAGE_HEAD_ROOM, frameMessage } from '../frame-message.ts';
import { createAssociationPdus } from '../association-pdus.ts';
import { freePort } from '../testing/peer-process.ts';
import { createEcho } from './echo.ts';

const servers: Server[] = [];
const open = new Set<Socket>();
afterEach(async () => {
  for (const socket of open) socket.destroy();
  open.clear();
  await Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done))));
});

const pdus = createAssociationPdus({ maxPduLength: 16_384 });
const VERIFICATION = '1.2.840.10008.1.1';
const accept = (result: number, transferSyntax = '1.2.840.10008.1.2'): Buffer =>
  pdus.accept({ calledAe: 'PEER', callingAe: 'US' }, [
    { id: 1, abstractSyntax: VERIFICATION, transferSyntax, result },
  ]);
const response = (Status: number, to = 1): Buffer =>
  frameMessage(
    writeResponse(
      {
        CommandField: 0x8030,
        MessageIDBeingRespondedTo: to,
        Status,
        AffectedSOPClassUID: VERIFICATION,
        AffectedSOPInstanceUID: '',
      },
      MESSAGE_HEAD_ROOM,
    ),
    1,
    0,
  );

const listen = async (server: Server): Promise<number> => {
  servers.push(server);
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address ? address.port : 0;
};
/** Answers what arrives with one reply each, in order; a reply may be a function that does what it wants. */
const peer = (...replies: readonly (Buffer | ((socket: Socket) => void))[]): Promise<number> =>
  listen(
    createServer((socket) => {
      const left = [...replies];
      socket.on('data', () => {
        const reply = left.shift();
        if (typeof reply === 'function') reply(socket);
        else if (reply) socket.write(reply);
      });
    }),
  );

const selfSigned = (): { readonly key: string; readonly cert: string } => {
  const folder = mkdtempSync(path.join(tmpdir(), 'archwire-echo-'));
  const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  const wanted = [
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '1',
    '-subj',
    '/CN=peer',
    '-keyout',
    key,
    '-out',
    cert,
  ];
  execFileSync('openssl', ['req', '-x509', ...wanted], { stdio: 'ignore' });
  const pair = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  rmSync(folder, { recursive: true });
  return pair;
};

const quick = {
  connectTimeoutMs: 400,
  associateTimeoutMs: 300,
  answerTimeoutMs: 300,
  releaseTimeoutMs: 100,
};
/** For peers that do answer, on a machine as slow as it likes. */
const patient = { connectTimeoutMs: 20_000, associateTimeoutMs: 20_000, answerTimeoutMs: 20_000 };
const ask = (port: number, host = '127.0.0.1', limits: Partial<typeof quick> = patient) =>
  createEcho({ callingAe: 'US', tls: {}, limits: { releaseTimeoutMs: 100, ...limits } })({
    host,
    port,
    calledAe: 'PEER',
    tls: false,
  });
const outcome = async (port: Promise<number> | number, limits: Partial<typeof quick> = patient) =>
  (await ask(await port, '127.0.0.1', limits)).outcome;

test('a dead port, and a name that nobody has', async () => {
  expect(await outcome(freePort())).toBe('connection-refused');
  expect((await ask(104, 'no-such-machine.invalid')).outcome).toBe('name-unknown');
});

test('a silent peer, one that trickles, and one that associates and then says nothing', async () => {
  expect(await outcome(peer(), quick)).toBe('association-timeout');
  const trickle =
    (bytes: Buffer) =>
    (socket: Socket): void => {
      const drip = async (): Promise<void> => {
        for (const byte of bytes) {
          if (socket.destroyed) return;
          socket.write(Buffer.from([byte]));
          await sleep(50);
        }
      };
      drip().catch(() => {});
    };
  expect(await outcome(peer(trickle(accept(0))), quick)).toBe('association-timeout');
  expect(await outcome(peer(accept(0)), quick)).toBe('echo-timeout');
  // Each byte is an answer of a kind: the question as a whole still has its time.
  expect(await outcome(peer(accept(0), trickle(response(0))), quick)).toBe('echo-timeout');
});

test('a peer that aborts, hangs up or resets, before and after the association', async () => {
  const hangUp = (socket: Socket): void => void socket.end();
  const reset = (socket: Socket): void => void socket.resetAndDestroy();
  expect(await outcome(peer(pdus.abort(2, 0)))).toBe('aborted');
  expect(await outcome(peer(hangUp))).toBe('closed');
  expect(await outcome(peer(reset))).toBe('closed');
  expect(await outcome(peer(accept(0), pdus.abort(0, 0)))).toBe('aborted');
  expect(await outcome(peer(accept(0), reset))).toBe('closed');
});

test('each reason of a rejection', async () => {
  const rejection = async (...words: readonly [number, number, number]) => {
    const found = await ask(await peer(pdus.reject(...words)));
    expect(found.outcome).toBe('rejected');
    return found.rejection;
  };
  expect(await rejection(1, 1, 7)).toBe('called-ae');
  expect(await rejection(1, 1, 3)).toBe('calling-ae');
  expect(await rejection(1, 1, 2)).toBe('application-context');
  expect(await rejection(1, 1, 1)).toBe('other');
  expect(await rejection(2, 3, 2)).toBe('busy');
});

test('a web server, a server that wants TLS, and garbage', async () => {
  expect(await outcome(listen(createHttpServer((_, reply) => reply.end('hello'))))).toBe('not-dicom');
  const certificate = selfSigned();
  expect(await outcome(listen(createTlsServer(certificate)))).toBe('tls-needed');
  expect(await outcome(peer(Buffer.alloc(64, 0xff)))).toBe('not-dicom');
  expect(await outcome(peer(Buffer.from('020000000003000100', 'hex')))).toBe('not-dicom');
});

test('a peer without C-ECHO, one that fails, one that answers another question, one that breaks the protocol', async () => {
  expect(await outcome(peer(accept(3)))).toBe('no-verification');
  expect(await ask(await peer(accept(0), response(0x0122)))).toMatchObject({
    outcome: 'echo-failed',
    status: 0x0122,
  });
  expect(await outcome(peer(accept(0), response(0, 2)))).toBe('echo-failed');
  const onAnotherContext = Buffer.from(response(0));
  onAnotherContext.writeUInt8(9, 10);
  expect(await outcome(peer(accept(0), onAnotherContext))).toBe('echo-failed');
  expect(await outcome(peer(accept(0), Buffer.from('040000ffffff', 'hex')))).toBe('echo-failed');
});

test('an honest peer gets a release, and nothing stays open', async () => {
  const heard: number[] = [];
  const ended = Promise.withResolvers<void>();
  const port = await listen(
    createServer((socket) => {
      socket.on('close', () => ended.resolve());
      socket.on('data', (bytes: Buffer) => {
        const type = bytes.readUInt8(0);
        heard.push(type);
        socket.write(type === 1 ? accept(0) : type === 4 ? response(0) : pdus.releaseResponse());
      });
    }),
  );
  expect(await ask(port)).toMatchObject({ outcome: 'success', status: 0 });
  await ended.promise;
  expect(heard).toEqual([1, 4, 5]);
});
